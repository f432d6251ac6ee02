import { parseBanner } from "../../formats/banner.ts";
import { btfFact } from "../facts/btf-fact.ts";
import { noModuleSupport } from "../facts/config-facts.ts";
import { fileFact } from "../facts/file-fact.ts";
import { textOf } from "../facts/look.ts";
import type { Evidence, Fact } from "../target.ts";
import type { EvidenceProvider } from "./provider.ts";

/**
 * What the running kernel tells of itself: /proc/version, /proc/config.gz, /sys/kernel/btf/vmlinux.
 * Throws `no-module-support` when it has none (/proc/modules is there exactly with CONFIG_MODULES, kernel/module/procfs.c).
 */
export const proc: EvidenceProvider = {
	name: "proc",
	cost: "quick",
	gives: [],
	async gather(subject) {
		const { root } = subject;
		if (!subject.running) return [];
		if (root.exists("/proc/version") && !root.exists("/proc/modules")) throw noModuleSupport("/proc/modules");
		const banner = parseBanner(textOf(subject, "/proc/version") ?? "");
		const source = { kind: "proc", path: root.outer("/proc/version") } as const;
		const evidence: Evidence = {
			release: banner === null ? null : { value: banner.release, source },
			version: banner?.version
				? { value: banner.version, source }
				: ubuntuVersion(textOf(subject, "/proc/version_signature")),
			compiler: banner?.compiler ? { value: banner.compiler, source } : null,
			packageVersion: banner?.packaged ? { value: banner.packaged.version, source } : null,
			config: fileFact(subject, "/proc/config.gz", "proc"),
			btf: btfFact(fileFact(subject, "/sys/kernel/btf/vmlinux", "sys")),
		};
		return [evidence];
	},
};

/** "Ubuntu 5.15.0-91.101-generic 5.15.131": the last word is the version of the tree. */
function ubuntuVersion(text: string | null): Fact | null {
	const value = /^Ubuntu \S+ (\d+\.\d+\.\d+)\s*$/.exec(text ?? "")?.[1];
	return value === undefined ? null : { value, source: { kind: "proc", path: "/proc/version_signature" } };
}
