import type { CheckedModule } from "../../../src/kernel/loader/verdict.ts";
import type { ModuleVerdict } from "../../../src/workflows/boot/verdicts.ts";

/** What was foretold and what the kernel did, for one variant. */
export interface Row {
	id: string;
	predicted: string;
	actual: string;
	/** What differs; empty: they agree. */
	differences: string[];
}

/** The kernel's taint lines come once a boot, and with modules that load too: they are no reason for a refusal. */
const TAINT_LINES =
	/taint|verification failed|Warning! Be careful|no symbol version for|You should update|known bad|Spectre V2/i;

/** What the kernel did, as far as it is compared. */
export type Actual = Pick<ModuleVerdict, "loaded" | "errno" | "state" | "stage" | "log">;

/** Compares verdict, errno, and every line that the kernel logged with a refusal. */
export function compare(id: string, predicted: CheckedModule, actual: Actual): Row {
	const differences: string[] = [];
	// An init function that fails is none of the loader's.
	const taken = actual.loaded || actual.stage === "init";
	const verdict = taken ? "loads" : "refused";
	const errno = taken ? null : (actual.errno?.name ?? actual.state);
	// What is unsafe may be taken, be refused for what lies in its way, or take the kernel down.
	if (predicted.verdict === "unsafe")
		return { id, predicted: "unsafe", actual: [verdict, errno].filter(Boolean).join(" "), differences };
	if (predicted.verdict !== verdict) differences.push(`verdict: ${predicted.verdict}, but it ${verdict}`);
	else if (predicted.errno !== errno) differences.push(`errno: ${predicted.errno}, but it was ${errno}`);
	if (!taken && predicted.verdict === "refused") {
		const spoken = actual.log.filter((line) => !TAINT_LINES.test(line));
		// What it went on from comes before what it stopped at.
		const foretold = [...predicted.warnings, ...predicted.messages]
			.filter((line) => !TAINT_LINES.test(line))
			.map(asPrinted);
		const same =
			spoken.length === foretold.length && foretold.every((line, at) => fits(line, spoken[at] as string));
		if (!same) differences.push(`log: ${JSON.stringify(foretold)}, but it was ${JSON.stringify(spoken)}`);
	}
	return {
		id,
		predicted: [predicted.verdict, predicted.errno].filter(Boolean).join(" "),
		actual: [verdict, errno].filter(Boolean).join(" "),
		differences,
	};
}

/** What a profile's answer has otherwise than that of the kernel's own files; null: nothing. */
export function differing(there: CheckedModule, kept: CheckedModule): string | null {
	const [a, b] = [there, kept].map(({ verdict, errno, messages, taints, warnings }) =>
		JSON.stringify([verdict, errno, messages, taints, warnings]),
	);
	return a === b ? null : `profile: ${b}, but ${a}`;
}

/** One line for each, then the agreement: what the test prints. */
export function table(release: string, rows: Row[], seconds: number): string {
	const width = Math.max(...rows.map(({ id }) => id.length));
	const lines = rows.map(({ id, predicted, actual, differences }) =>
		[
			`  ${differences.length === 0 ? "=" : "!"} ${id.padEnd(width)}  ${predicted.padEnd(20)} ${actual}`,
			...differences.map((it) => `      ${it}`),
		].join("\n"),
	);
	const agreed = rows.filter(({ differences }) => differences.length === 0).length;
	const share = Math.floor((100 * agreed) / rows.length);
	return [
		`${release}: variant, foretold, kernel`,
		...lines,
		`  ${agreed} of ${rows.length} agree (${share} %), ${seconds.toFixed(1)} s in the kernel\n`,
	].join("\n");
}

/** As templates/init.c prints foreign bytes. */
function asPrinted(line: string): string {
	// The process that loads is named in it, and is another here.
	return line
		.replace(/^Lockdown: \S+:/, "Lockdown: ...:")
		.replace(/[^ -[\]-~]/g, (byte) => `\\x${(byte.codePointAt(0) as number).toString(16).padStart(2, "0")}`);
}

/** "..." in a foretold line stands for an address or a word that only the kernel knows. */
function fits(foretold: string, spoken: string): boolean {
	const parts = foretold.split("...").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
	return new RegExp(`^${parts.join(".*")}$`).test(spoken);
}
