import { kernelLog, logsOf, readLog } from "../../host/files/log-input.ts";
import { Root } from "../../host/files/root.ts";
import { readBoards } from "../../host/machine/boards.ts";
import { type Distribution, readDistribution } from "../../host/machine/distribution.ts";
import { runningMachine } from "../../host/machine/running-machine.ts";
import { installLine } from "../../host/packages/tools.ts";
import type { Progress } from "../../host/progress.ts";
import { causeFor, commandsFor, hereFor, remedyFor } from "../../kernel/failures/catalogue.ts";
import type { Findings } from "../../kernel/failures/diagnose.ts";
import type { ExplainedDiagnosis, Explanation } from "../../kernel/failures/document.ts";
import type { Details, Diagnosis, Machine } from "../../kernel/failures/entry.ts";
import { type Poster, posterOf } from "../../kernel/failures/poster/poster.ts";
import { LogReader } from "../../kernel/failures/reading/log-reader.ts";
import type { Scene } from "../../kernel/failures/reading/scene.ts";
import { boardsOf } from "../../kernel/source/board.ts";

export interface ExplainOptions {
	/** Paths of logs or of folders that hold some, "-" for standard input; empty for none (then `module` is given). */
	sources: readonly string[];
	/** A module file: its prediction for the target and the kernel's log are taken in. */
	module?: string | undefined;
	target?: string | undefined;
	sysroot?: string | undefined;
	/** Ask this machine whether a diagnosis holds. */
	probe: boolean;
	/** The machine to ask; tests give another. */
	machine?: Machine;
}

/** Reads the log (and asks about the module), and says what happened. Throws KprepError for what cannot be read. */
export async function explain(
	options: ExplainOptions,
	progress: Progress,
	signal: AbortSignal,
): Promise<Explanation> {
	const reader = new LogReader();
	const feed = (chunk: Uint8Array) => reader.feed(chunk);
	const logs = options.sources.flatMap(logsOf);
	for (const log of logs) {
		if (logs.length > 1) reader.source(log === "-" ? "standard input" : log);
		const cut = await readLog(log, feed, signal);
		if (cut) progress.warn(`${log} unpacks to more than is read: what is said here is of its beginning only`);
	}
	let findings: Findings;
	if (options.module === undefined) findings = reader.finish();
	else {
		const { aboutModule } = await import("./module.ts");
		const kernel = options.sources.length === 0 && options.probe ? await kernelLog(signal) : null;
		if (kernel !== null) reader.feed(new TextEncoder().encode(kernel.text));
		findings = await aboutModule(options.module, options, reader.finish(), progress);
	}
	const machine = options.probe ? (options.machine ?? runningMachine()) : null;
	return {
		diagnoses: findings.diagnoses.map((diagnosis) => explained(diagnosis, findings.context, machine)),
		noise: findings.noise.map(({ line }) => line),
		harmless: findings.noise.map(({ why }) => why),
		unexplained: findings.unexplained.map(({ line, why }) => ({ line, errno: why })),
		errors: findings.errors,
		above: findings.above,
	};
}

/** How packages are named and installed here; knows the headers of a release as well. */
export function installer(details: Details, poster?: Poster): (tools: string[]) => string | null {
	const named = poster?.system ?? null;
	if (named?.packages === null) return () => null;
	const distribution = named === null ? readDistribution(new Root("/")) : distributionOf(named.packages);
	const release = details.release_kernel?.[0] ?? null;
	return (tools) => {
		const line = installLine(tools, distribution);
		return line?.replace(/'?([\w-]*)\{release\}'?/, (_, name: string) => name + safeRelease(release)) ?? null;
	};
}

/** A distribution of which only the package tables are wanted. */
function distributionOf(id: string): Distribution {
	return { id, family: [id], version: null, codename: null, name: id };
}

/** A release out of a log, when it can be one; else the shell finds it. */
function safeRelease(release: string | null): string {
	return release !== null && /^\d[\w.+~-]{0,80}$/.test(release) ? release : "$(uname -r)";
}

/** One diagnosis with its texts filled in, its commands for the system that the log is from, and what `machine` says to it. */
export function explained(
	{ entry, details, lines, files, certainty }: Diagnosis,
	context: Scene,
	machine: Machine | null,
): ExplainedDiagnosis {
	const poster = posterOf(context, details, (release) =>
		boardsOf({ release }, readBoards()).map(({ board }) => board.id),
	);
	const here = hereFor(entry.id, details, poster);
	return {
		id: entry.id,
		title: entry.title,
		cause: causeFor(entry.id, details),
		remedy: [remedyFor(entry.id, details), ...(here === null ? [] : [here])].join(" "),
		commands: commandsFor(entry.id, details, installer(details, poster), poster),
		details: Object.fromEntries(Object.entries(details).map(([name, values]) => [name, shape(name, values)])),
		...{ lines, files },
		certainty,
		machine:
			machine === null
				? null
				: (entry.confirm?.(details, machine) ?? { verdict: "not-checkable", evidence: [] }),
		unsafe: entry.unsafe ?? null,
		page: `docs/diagnoses/${entry.id}.md`,
	};
}

function shape(name: string, values: string[]): string | string[] {
	return values.length === 1 && !name.startsWith("flags_") ? (values[0] as string) : values;
}
