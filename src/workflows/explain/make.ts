import { existsSync } from "node:fs";
import { join } from "node:path";
import { runningMachine } from "../../host/machine/running-machine.ts";
import { parseConfig } from "../../kernel/config/config.ts";
import type { ExplainedDiagnosis } from "../../kernel/failures/document.ts";
import type { Machine } from "../../kernel/failures/entry.ts";
import { LogReader } from "../../kernel/failures/reading/log-reader.ts";
import { quoted } from "../../kernel/shell-word.ts";
import { explained } from "./index.ts";

/** What is known of a build: the kernel that it is for, and the tree that it runs in. */
export interface BuildFacts {
	/** `uname -r` of the target; null when it is not known. */
	release: string | null;
	/** Text of the target's .config (else of the tree's); null: unknown. */
	config: string | null;
	/** `uname -m` of the target, or its word below arch/; null: unknown. */
	arch: string | null;
	/** objtree: where .config, Module.symvers and the prepared files are. */
	tree: string;
}

/** Listens to a make and explains how it ended: give every line of its output, then ask. Memory is bounded. */
export class MakeListener {
	readonly #reader = new LogReader();
	readonly #encoder = new TextEncoder();

	/** One line of what make or its programs wrote, on either stream. */
	line(text: string): void {
		this.#reader.feed(this.#encoder.encode(`${text}\n`));
	}

	/**
	 * What the lines say, most decisive first; empty when nothing is recognised or nothing failed. The evidence
	 * (`machine` of each diagnosis) is the target's configuration and the tree, never the kernel that runs here. Call once.
	 */
	explain(facts: BuildFacts): ExplainedDiagnosis[] {
		const { diagnoses, context } = this.#reader.finish();
		return diagnoses
			.filter(({ entry }) => entry.id !== "benign-noise")
			.map((diagnosis) => inTree(explained(diagnosis, context, buildMachine(facts)), facts));
	}
}

/** The evidence and the commands with the tree's own path, and the target's release where they would ask the running kernel. */
function inTree(diagnosis: ExplainedDiagnosis, { release, tree }: BuildFacts): ExplainedDiagnosis {
	const folder = `/lib/modules/${release ?? ""}/build`;
	const installed = (line: string) => line.replaceAll(folder, () => tree);
	const typed = (line: string) => {
		const placed = line
			.replaceAll(folder, () => quoted(tree))
			.replace(/\/lib\/modules\/"?\$\(uname -r\)"?\/build/g, () => quoted(tree));
		return release === null ? placed : placed.replace(/"?\$\(uname -r\)"?/g, () => quoted(release));
	};
	const { machine } = diagnosis;
	return {
		...diagnosis,
		commands: diagnosis.commands.map(typed),
		machine: machine === null ? null : { ...machine, evidence: machine.evidence.map(installed) },
	};
}

/** What a failed make's whole output says, as `MakeListener.explain`. */
export function explainMake(output: string, facts: BuildFacts): ExplainedDiagnosis[] {
	const listener = new MakeListener();
	listener.line(output);
	return listener.explain(facts);
}

/** The target and the tree in the place of a machine: /lib/modules/RELEASE/build is the tree; /proc, /sys and /boot are unknown. */
function buildMachine({ release, config, arch, tree }: BuildFacts): Machine {
	const here = runningMachine();
	const symbols = config === null ? null : parseConfig(config);
	const name = release ?? "";
	const build = `/lib/modules/${name}/build`;
	const placed = (path: string): string | null =>
		path === build || path.startsWith(`${build}/`)
			? join(tree, path.slice(build.length))
			: /^\/(?:proc|sys|boot|lib\/modules|usr\/lib\/modules)\//.test(path)
				? null
				: path;
	const at = <T>(path: string, read: (path: string) => T, unknown: T): T => {
		const place = placed(path);
		return place === null ? unknown : read(place);
	};
	return {
		kernel: "the target",
		release: name,
		hardware: arch ?? "",
		uid: here.uid,
		exists: (path) => at(path, existsSync, false),
		text: (path) => at(path, here.text, null),
		list: (path) => at(path, here.list, []),
		program: here.program,
		config: (symbol) => (symbols === null ? null : (symbols.get(symbol) ?? "n").replace(/^"(.*)"$/, "$1")),
	};
}
