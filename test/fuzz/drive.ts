import { TarError } from "../../src/formats/archive/tar-fields.ts";
import { FormatError } from "../../src/formats/error.ts";
import { mutant } from "./mutate.ts";
import { type FuzzTarget, TARGETS } from "./targets.ts";

export interface Finding {
	target: string;
	/** `--seed SEED --target TARGET --only INDEX` makes the same input again. */
	index: number;
	/** What was thrown, with its stack, or how long it took. */
	what: string;
}

export interface Series {
	seed: number;
	/** Over all targets together, taken in turn. */
	inputs: number;
	/** Only this target. */
	target?: string | undefined;
	/** Only this input. */
	only?: number | undefined;
}

/** A parser of a small input that takes longer does not end in sensible time on a large one. */
const SLOW_MS = 1000;
const MOST_FINDINGS = 20;

/**
 * Gives every parser its mutants and collects whatever is not a value or a typed error, and what is slow. `beat` is
 * called before each input, so that a watcher knows where it hangs.
 */
export function drive(
	{ seed, inputs, target, only }: Series,
	beat: (done: number, target: string, index: number) => void = () => {},
): { findings: Finding[]; refused: Record<string, number> } {
	const targets = TARGETS.filter(({ name }) => target === undefined || name === target);
	const findings: Finding[] = [];
	const refused: Record<string, number> = {};
	for (let done = 0; done < inputs && findings.length < MOST_FINDINGS; done++) {
		const current = targets[done % targets.length] as FuzzTarget;
		const index = only ?? Math.floor(done / targets.length);
		beat(done, current.name, index);
		const started = performance.now();
		try {
			current.parse(mutant(current.seeds, seed, index));
		} catch (error) {
			if (error instanceof FormatError || error instanceof TarError)
				refused[current.name] = (refused[current.name] ?? 0) + 1;
			else findings.push({ target: current.name, index, what: String((error as Error)?.stack ?? error) });
		}
		const took = performance.now() - started;
		if (took > SLOW_MS) findings.push({ target: current.name, index, what: `${Math.round(took)} ms` });
		if (only !== undefined) break;
	}
	return { findings, refused };
}
