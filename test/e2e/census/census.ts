import { byDkms, byKprep, type Kbuild, type Outcome, type Place } from "./build.ts";
import type { Driver } from "./drivers.ts";
import { differences } from "./facts.ts";

/** What a census found. */
export interface Census {
	/** A line a driver: modules in the headers, then by dkms and by kprep build in each tree; and why one failed. */
	table: string[];
	/** What is otherwise than in the distribution's headers. */
	wrong: string[];
	packages: number;
	modules: number;
	imports: number;
	vermagics: Set<string>;
}

/** What a driver's failure is told as: never as something that is wrong with the tree. */
const EXPLAINED =
	/^option-(?:off|on): |does not fit |is off in |the error is in the driver|a make in the driver's own commands failed/;

/** Builds every driver in the headers and in the trees, and holds the trees against the headers. `say` gets each line. */
export async function census(
	drivers: Driver[],
	headers: Kbuild,
	trees: Kbuild[],
	profile: string,
	place: Place,
	say: (line: string) => void,
): Promise<Census> {
	const found: Census = {
		...{ table: [], wrong: [], packages: 0, modules: 0, imports: 0, vermagics: new Set() },
	};
	const line = (text: string) => {
		found.table.push(text);
		say(text);
	};
	const queue = [...drivers];
	const next = async () => {
		for (let driver = queue.shift(); driver !== undefined; driver = queue.shift()) {
			const { reference, cells, whys, wrong } = await one(driver, headers, trees, profile, place);
			count(reference, found);
			found.wrong.push(...wrong);
			line(`${driver.name.padEnd(16)}${cells.join("")}`);
			if (reference.error !== null) line(`    dkms:  ${reference.error.split("\n")[0]}`);
			for (const why of whys) line(`    kprep: ${why}`);
			for (const complaint of wrong) say(`    WRONG  ${complaint}`);
		}
	};
	// dkms sleeps for three seconds at a time: several drivers at once fill them.
	await Promise.all(Array.from({ length: 4 }, next));
	return found;
}

async function one(driver: Driver, headers: Kbuild, trees: Kbuild[], profile: string, place: Place) {
	const reference = await byDkms(driver, headers, place);
	const cells = [cell(reference)];
	const whys = new Set<string>();
	const wrong: string[] = [];
	for (const kbuild of trees) {
		const outcomes = new Map<string, Outcome>();
		if (kbuild.by !== "kprep build") outcomes.set("dkms", await byDkms(driver, kbuild, place));
		if (kbuild.by !== "dkms") outcomes.set("kprep build", await byKprep(driver, kbuild, profile, place));
		cells.push(...[...outcomes.values()].map(cell));
		for (const [by, outcome] of outcomes)
			wrong.push(
				...complaints(reference, outcome, by).map((it) => `${driver.name}, ${kbuild.name}, ${by}: ${it}`),
			);
		const why = outcomes.get("kprep build")?.error ?? null;
		if (why !== null) whys.add(why.split("\n")[0] as string);
	}
	return { reference, cells, whys, wrong };
}

function count({ modules, error }: Outcome, found: Census): void {
	if (error === null) found.packages++;
	found.modules += modules.size;
	for (const { vermagic, imports } of modules.values()) {
		found.vermagics.add(vermagic);
		found.imports += imports.length;
	}
}

function complaints(reference: Outcome, outcome: Outcome, by: string): string[] {
	const unexplained = by !== "dkms" && outcome.error !== null && !EXPLAINED.test(outcome.error);
	// dkms builds what it installs; kprep build answers for all that the driver's Makefile makes.
	const unlike = by === "dkms" && (outcome.error === null) !== (reference.error === null);
	return [
		...differences(reference.modules, outcome.modules),
		...outcome.verdicts,
		...(unexplained || unlike ? [outcome.error ?? "built, and not in the distribution's headers"] : []),
	];
}

function cell({ error, modules }: Outcome): string {
	return (error === null ? String(modules.size) : "-").padStart(5);
}
