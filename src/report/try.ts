import { quoted } from "../kernel/shell-word.ts";
import { printable } from "../printable.ts";

/** What the text is made of: see TryReport of workflows/try/try.ts. */
interface Story {
	distribution: string;
	release: string;
	package: string;
	tree: string;
	sysroot: string;
	source: string;
	fetched: boolean;
	before: Probe;
	sync: {
		strategy: string;
		reason: string;
		stages: { name: string; seconds: number }[];
		verdict: string | null;
	};
	after: Probe;
	seconds: number;
}

interface Probe {
	vermagic: string | null;
	boot: { loaded: boolean; errno: string | null; accelerator: string; seconds: number; log: string[] };
}

/** The story in the order in which it happened, and what to type to go on. */
export function tryText(story: Story): string {
	const { before, sync, after } = story;
	const stages = sync.stages.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(", ");
	return [
		`${story.distribution}: ${story.package}${story.fetched ? "" : " (from the cache)"}`,
		"",
		`1. A module built in ${story.source}, prepared by hand with the kernel's own .config`,
		...probeLines(before, story.release),
		`2. kprep sync: ${sync.strategy}`,
		`   ${sync.reason}`,
		...(stages === "" ? [] : [`   ${stages}`]),
		`   verified: ${sync.verdict ?? "no"}`,
		"3. The same module, built again",
		...probeLines(after, story.release),
		"",
		`${story.seconds.toFixed(0)} s. Go on with it:`,
		`  kprep verify ${quoted(story.tree)} --sysroot ${quoted(story.sysroot)} --deep`,
		`  kprep undo ${quoted(story.tree)}`,
	].join("\n");
}

function probeLines({ vermagic, boot }: Probe, release: string): string[] {
	const { loaded, errno, accelerator, seconds, log } = boot;
	const how = `${accelerator === "kvm" ? "KVM" : "QEMU"}, ${seconds.toFixed(1)} s`;
	const telling = log.filter((line) => !/taint/.test(line)).at(-1) ?? log.at(-1);
	return [
		`   vermagic: ${printable(vermagic ?? "unknown")}`,
		`   ${release} (${how}): ${loaded ? "loaded" : `refused, ${errno ?? "and the kernel died"}`}`,
		...(telling === undefined ? [] : [`     ${printable(telling)}`]),
	];
}
