import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { KprepError } from "../../../errors.ts";
import { sha256 } from "../../../host/files/digest.ts";
import { alone } from "../../../host/files/waiting.ts";
import { cacheFolder } from "../../../host/machine/cache.ts";
import { templatePath } from "../../../host/machine/templates.ts";
import { attempt } from "../../../host/process/run.ts";
import type { ManyProgress } from "../../../host/progress.ts";
import { quoted } from "../../../kernel/shell-word.ts";
import type { Cell, MatrixDocument } from "../../../report/matrix/document.ts";
import { LockFile, lockPathOf } from "../lock-file.ts";
import { blank, failedRow, type Matrix, type Row, type Section } from "../row.ts";
import { StageFailure } from "../stage.ts";
import type { Engine } from "./engine.ts";
import { dealt, machinesOf } from "./machines.ts";
import { type Parcel, packProject } from "./parcel.ts";

/** What a machine leaves behind: kprep's own document, or what kept it from one. */
const RESULT = v.object({ stdout: v.string(), trouble: v.string() });
const DOCUMENT = v.looseObject({
	modules: v.array(v.looseObject({ name: v.string() })),
	targets: v.array(v.looseObject({ name: v.string() })),
	cells: v.array(v.looseObject({ target: v.string(), module: v.string() })),
});

interface Work {
	inventory: string;
	/** Where modules of this project are kept, and this run's results: what a killed run still writes goes elsewhere. */
	folder: string;
	results: string;
	parcel: Parcel;
	/** Flags of kprep matrix on the machines. */
	flags: string[];
}

/**
 * The machines of an ansible inventory, by templates/ansible: the targets are dealt out, each machine runs `kprep matrix`
 * for its own and gives back modules and document. Targets of a machine that gave nothing go to those that did.
 */
export function ansibleEngine(inventory: string, flags: readonly string[]): Engine {
	return {
		async rows(sections, matrix, progress) {
			const machines = await machinesOf(inventory, matrix.signal);
			const folder = join(cacheFolder(), "matrix", "ansible", sha256(matrix.targetsFile).slice(0, 12));
			return alone(folder, { progress: progress.row(inventory), signal: matrix.signal }, async () => {
				const reports = [...matrix.left].filter((path) => path !== lockPathOf(matrix.targetsFile));
				const parcel = await packProject(matrix.targetsFile, matrix.modules, folder, reports);
				for (const old of readdirSync(folder).filter((name) => name.startsWith("results-")))
					rmSync(join(folder, old), { recursive: true });
				const results = mkdtempSync(join(folder, "results-"));
				const work = { inventory, folder, results, parcel, flags: [...flags] };
				return spread(sections, machines, work, matrix, progress);
			});
		},
	};
}

async function spread(
	sections: readonly Section[],
	machines: string[],
	work: Work,
	matrix: Matrix,
	progress: ManyProgress,
): Promise<Row[]> {
	const done = new Map<string, Row>();
	const troubles: string[] = [];
	let answering = machines;
	while (answering.length > 0) {
		const left = sections.map(({ section }) => section.name).filter((name) => !done.has(name));
		if (left.length === 0) break;
		const hands = dealt(left, answering);
		await play(hands, work, matrix, progress);
		for (const [machine, names] of Object.entries(hands)) {
			const got = resultOf(machine, names, work, matrix);
			if (typeof got === "string") {
				troubles.push(`${machine}: ${got}`);
				answering = answering.filter((other) => other !== machine);
			} else for (const row of got) done.set(row.target.name, row);
		}
	}
	const error = new KprepError("missing", "no-machine", `no machine answered: ${troubles.join("; ")}`, {
		suggestions: [`ansible -i ${quoted(work.inventory)} all -m ping`, "the same command again"],
	});
	return sections.map(
		(one) =>
			done.get(one.section.name) ??
			failedRow(blank(one.section), new StageFailure("target", error), matrix.modules),
	);
}

async function play(
	hands: Record<string, string[]>,
	{ inventory, folder, results, parcel, flags }: Work,
	{ signal }: Matrix,
	progress: ManyProgress,
): Promise<void> {
	const rows = Object.values(hands).flat();
	for (const [machine, names] of Object.entries(hands))
		for (const name of names) progress.row(name).step("machine", machine);
	const file = join(results, "work.json");
	const words = {
		kprep_hands: hands,
		kprep_parcel: parcel,
		kprep_work: folder,
		kprep_flags: flags,
		kprep_results: results,
	};
	writeFileSync(file, JSON.stringify({ ...words, kprep_place: `kprep-${sha256(folder).slice(0, 12)}` }));
	const playbook = templatePath("ansible", "playbooks", "matrix.yml");
	const said: string[] = [];
	const { status, stopped, command } = await attempt(
		[
			...["ansible-playbook", "-i", inventory, "--limit", Object.keys(hands).join(","), "-e", `@${file}`],
			playbook,
		],
		{
			signal,
			env: { ANSIBLE_NOCOLOR: "1" },
			onLine(line) {
				said.push(line);
				for (const name of rows) progress.row(name).verbose(line);
			},
		},
	);
	if (stopped) signal?.throwIfAborted();
	// 2 and 4: some machine failed or did not answer, which its missing result says.
	if (status !== null && [0, 2, 4].includes(status)) return;
	throw new KprepError("command", "ansible-failed", `${command[0]} ended with status ${status}`, {
		found: said
			.filter((line) => line.trim() !== "")
			.slice(-3)
			.join(" "),
	});
}

/** The rows that a machine made, as if made here; else what it said in the place of them. */
function resultOf(
	machine: string,
	names: string[],
	{ folder, results }: Work,
	matrix: Matrix,
): Row[] | string {
	const file = join(results, `${machine}.json`);
	if (!existsSync(file)) return "it did not answer";
	const result = v.safeParse(v.pipe(v.string(), v.parseJson(), RESULT), readFileSync(file, "utf8"));
	if (!result.success) return "it did not answer in full";
	const { stdout, trouble } = result.output;
	const read = v.safeParse(v.pipe(v.string(), v.parseJson(), DOCUMENT), stdout);
	if (!read.success) return trouble.trim().split("\n").at(-1) || "it gave no document";
	const { modules, targets, cells } = read.output as unknown as MatrixDocument;
	const files = join(folder, "files", machine);
	takeLock(join(files, "kprep-targets.lock"), names, matrix);
	return targets
		.filter(({ name }) => names.includes(name))
		.map((target) => ({
			target: { ...target, machine },
			cells: cells
				.filter((cell) => cell.target === target.name)
				.map((cell): Cell => {
					const at = modules.findIndex(({ name }) => name === cell.module);
					return {
						...cell,
						module: matrix.modules[at]?.name ?? cell.module,
						modules: cell.modules.map((one) => ({ ...one, path: join(files, one.path) })),
					};
				}),
		}));
}

/** What the targets resolved to there holds here too. */
function takeLock(path: string, names: string[], { lock }: Matrix): void {
	if (!existsSync(path)) return;
	const theirs = LockFile.entriesAt(path);
	for (const name of names) {
		const entry = theirs[name];
		if (entry !== undefined) lock.resolved(name, entry);
	}
}
