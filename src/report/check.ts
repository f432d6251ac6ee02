import { ASK_THE_KERNEL } from "../kernel/loader/remedies.ts";
import type { Caveat, CheckDocument, CheckedModule, Reason } from "../kernel/loader/verdict.ts";
import { foretoldWrong, leftUnasked } from "../kernel/loader/verdict.ts";
import type { BootResult } from "../kernel/log/bootlog.ts";
import { printable } from "../printable.ts";

/** The verdicts for people: a line a module, then what stands behind it; advice that several share is given once. */
export function checkText({ target, modules }: CheckDocument): string {
	const advised = new Map<string, string>();
	const parts = modules.map((module) => moduleText(module, target, advised));
	return [...parts, ...caveatLines(modules)].join("\n\n");
}

type Line = [label: string, text: string];

function moduleText(module: CheckedModule, target: string, advised: Map<string, string>): string {
	const { messages, needs, taints, warnings, boot } = module;
	// Advice to ask the kernel, which has just been asked.
	const reasons = boot === undefined ? module.reasons : module.reasons.map(answeredByBoot);
	const lines: Line[] = [
		...few(messages).map((message): Line => ["kernel:", message]),
		...reasonLines(reasons, module.name, advised),
		...(needs.length > 0 ? [["needs:", `${needs.join(", ")} (modprobe loads it first)`] as Line] : []),
		...taints.map(({ flag, message }): Line => ["taint:", `${flag}  ${message}`]),
		...few(warnings).map((warning): Line => ["warning:", warning]),
		...(boot === undefined ? [] : bootLines(boot, module.name)),
	];
	return [
		headline(module, target),
		...lines.map(([label, text]) => `  ${label.padEnd(10)} ${printable(text)}`),
	].join("\n");
}

/** Of one kind of line: a driver may miss hundreds of symbols, an oops is long, and --json has all. */
const MOST_LINES = 20;

function few(lines: readonly string[]): string[] {
	if (lines.length <= MOST_LINES) return [...lines];
	return [...lines.slice(0, MOST_LINES), `(${lines.length - MOST_LINES} more, --json has them)`];
}

/** Reasons of one kind and remedy stand together under it. */
function reasonLines(reasons: readonly Reason[], module: string, advised: Map<string, string>): Line[] {
	const groups = new Map<string, Reason[]>();
	for (const reason of reasons) {
		const key = `${reason.id}\n${reason.remedy}`;
		groups.set(key, [...(groups.get(key) ?? []), reason]);
	}
	return [...groups.values()].flatMap((group): Line[] => {
		const [{ id, remedy }] = group as [Reason, ...Reason[]];
		const shown = group.slice(0, MOST_LINES);
		const more = group.length - shown.length;
		return [
			["reason:", id],
			...shown.flatMap(({ expected, actual }): Line[] => [
				["expected:", expected],
				["found:", actual],
			]),
			...(more > 0 ? [["", `(${more} more, --json has them)`] as Line] : []),
			...advice(remedy, module, advised),
		];
	});
}

function advice(remedy: string, module: string, advised: Map<string, string>): Line[] {
	if (remedy === "") return [];
	const before = advised.get(remedy);
	if (before === undefined) advised.set(remedy, module);
	return [["try:", before === undefined ? remedy : `as for ${before}`]];
}

function headline(module: CheckedModule, target: string): string {
	const { verdict, errno, boot } = module;
	const file = printable(module.path);
	const words = [verdict, errno].filter(Boolean).join(", ");
	if (boot !== undefined && wentSilent(boot))
		return `${file}: the machine stopped without a word while ${target} loaded it; foretold was: ${words}`;
	if (boot !== undefined && foretoldWrong(module))
		return `${file}: ${saidByBoot(boot, target)}; kprep's prediction (${words}) was wrong`;
	if (boot !== undefined && leftUnasked(boot)) return `${file}: ${foretold(module, target)}${notAsked(boot)}`;
	if (boot !== undefined && verdict === "unknown")
		return `${file}: ${saidByBoot(boot, target)}, as the boot shows; it could not be foretold`;
	const failed = verdict === "loads" && boot !== undefined ? initFailed(boot) : "";
	return `${file}: ${foretold(module, target)}${failed}`;
}

function foretold({ verdict, errno, reasons }: CheckedModule, target: string): string {
	if (verdict === "loads") return `loads on ${target}`;
	if (verdict === "refused") return `refused by ${target}${errno === null ? "" : ` (${errno})`}`;
	if (verdict === "unsafe") return `unsafe on ${target}: the kernel takes it and is corrupted`;
	return reasons.some(({ unforeseeable }) => unforeseeable !== true)
		? `cannot be decided for ${target}: something is not known`
		: `cannot be decided for ${target}: only a boot can tell`;
}

function notAsked({ dependency }: BootResult): string {
	return `; the emulator could not ask: ${printable(dependency?.name ?? "")}, which it needs, fails there (${dependency?.errno})`;
}

function saidByBoot(boot: BootResult, target: string): string {
	const code = boot.errno === null ? "" : ` (${boot.errno})`;
	if (boot.stage === "loaded") return `loads on ${target}`;
	if (boot.stage === "init" || boot.inInit) return `loads on ${target}${initFailed(boot)}`;
	return boot.stage === "loader" ? `refused by ${target}${code}` : `takes ${target} down`;
}

function answeredByBoot(reason: Reason): Reason {
	return reason.remedy === ASK_THE_KERNEL
		? { ...reason, remedy: "nothing more: the kernel's own answer stands below" }
		: reason;
}

/** Neither an answer nor a trace: a hang, or a restart that the module itself asked for. */
function wentSilent({ stage, panic }: BootResult): boolean {
	return stage === "crashed" && panic === null;
}

function initFailed({ stage, errno, inInit }: BootResult): string {
	if (inInit) return "; its own init function takes the kernel down";
	return stage === "init" ? `; its own init function fails in the emulator (${errno})` : "";
}

const STAGES: Readonly<Record<BootResult["stage"], (boot: BootResult) => string>> = {
	loaded: () => "loaded",
	loader: ({ errno }) => `refused by the loader, ${errno}`,
	init: ({ errno }) => `taken by the loader; its init function failed, ${errno}`,
	crashed: ({ panic }) =>
		panic === null
			? "no answer, in two boots: the machine went silent, and no panic was seen"
			: `the kernel did not survive it: ${panic}`,
};

/** What an init function mostly means by an errno where the machine is an emulated one with nothing in it. */
const INIT_MEANS: Readonly<Record<string, string>> = {
	ENODEV: "there is no such hardware in the emulator",
	ENXIO: "there is no such hardware in the emulator",
	EINVAL: "it may want a parameter: --params 'NAME KEY=VALUE'",
};

/** What the booted kernel made of a module, and where. */
export function bootText(boot: BootResult): string {
	const { accelerator, seconds, stage, errno } = boot;
	const how = leftUnasked(boot) ? `not asked, ${errno}` : STAGES[stage](boot);
	return `${how} (QEMU, ${accelerator}, ${seconds.toFixed(1)} s)`;
}

function bootLines(boot: BootResult, module: string): Line[] {
	const { log, stage, errno, dependency } = boot;
	const lines: Line[] = [["boot:", bootText(boot)]];
	const means = stage === "init" ? INIT_MEANS[errno ?? ""] : undefined;
	if (means !== undefined) lines.push(["", means.replace("NAME", module)]);
	// What it said before it stopped is about its own start.
	if (!wentSilent(boot)) for (const line of few(log)) lines.push(["", line]);
	if (dependency !== null) {
		const { name, errno: why, stage: its, log: said } = dependency;
		const what =
			its === "init" ? "its init function failed" : its === "loader" ? "the loader refused it" : "no answer";
		lines.push(["first:", `${name}, which it needs, is not there: ${what}${why === null ? "" : `, ${why}`}`]);
		for (const line of few(said)) lines.push(["", line]);
	}
	return lines;
}

/** What is open about the target, each thing once. */
function caveatLines(modules: readonly CheckedModule[]): string[] {
	const byText = new Map<string, { caveat: Caveat; count: number }>();
	for (const caveat of modules.flatMap(({ caveats }) => caveats)) {
		const known = byText.get(caveat.text);
		if (known === undefined) byText.set(caveat.text, { caveat, count: 1 });
		else known.count++;
	}
	return [...byText.values()].map(({ caveat: { text, remedy }, count }) => {
		const whom = modules.length > 1 ? ` (${count} of ${modules.length} modules)` : "";
		return `caveat: ${printable(text)}${whom}\n  try:       ${printable(remedy)}`;
	});
}
