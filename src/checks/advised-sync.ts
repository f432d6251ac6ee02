import { nearness } from "../kernel/compiler.ts";
import { type Config, isOn, stringOf } from "../kernel/config/config.ts";
import { type JudgedDrift, needsProof } from "../kernel/config/judge.ts";
import type { Advice, CheckContext } from "./check.ts";

type Known = Pick<CheckContext, "tree" | "target" | "drift" | "syncCommand" | "afterSync">;

/**
 * The sync that mends the tree: with --toolchain fetch where the compiler, pahole or what belongs to them is what lacks,
 * or where a sync left what it could not mend; else the plain one.
 */
export function advisedSync(context: Known): string {
	const fetch = context.afterSync === true || otherCompiler(context) || toolLacks(context);
	return fetch ? `${context.syncCommand} --toolchain fetch` : context.syncCommand;
}

/** What to do where options that modules feel differ. */
export function configAdvice(context: Known): Advice {
	const tool = otherCompiler(context) ? "The target's compiler" : toolLacks(context) ? "A tool" : null;
	return {
		about: "config-differs",
		facts: tool === null ? {} : { tool },
		commands: [advisedSync(context)],
	};
}

/** What to do where structures or CRCs differ: by what the other checks know to differ. */
export function structuresAdvice(
	context: Known & Pick<CheckContext, "sourceCommand" | "targetConfig">,
): Advice {
	if (context.drift().some(needsProof)) return configAdvice(context);
	const { targetConfig, tree } = context;
	const compared = targetConfig !== null && tree.config !== null;
	const told = compared && !otherCompiler(context) && !toolLacks(context);
	return { about: "structures-differ", commands: [told ? context.sourceCommand : advisedSync(context)] };
}

function otherCompiler({ tree, target }: Known): boolean {
	const ours = tree.config === null ? null : (stringOf(tree.config.symbols, "CC_VERSION_TEXT") ?? null);
	const theirs = target.compiler?.value ?? null;
	return ours !== null && theirs !== null && nearness(theirs, ours) !== "same";
}

function toolLacks({ tree, drift }: Known): boolean {
	const ours = tree.config?.symbols ?? new Map<string, string>();
	return drift().some((one) => isLostTool(one, ours));
}

/** Lost because Kconfig did not find a tool, rather than switched off by hand. */
function isLostTool({ symbol, target, tree, class: kind }: JudgedDrift, ours: Config): boolean {
	const off = (value: string | null | undefined) => ["n", "0", null, undefined].includes(value);
	if (off(target) || !off(tree)) return false;
	if (/^DEBUG_INFO_BTF/.test(symbol)) return isOn(ours, "BPF_SYSCALL") && off(ours.get("PAHOLE_VERSION"));
	return kind === "host" || symbol === "GCC_PLUGINS";
}
