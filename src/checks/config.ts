import { join } from "node:path";
import { instrumentationOf } from "../kernel/config/instrumentation.ts";
import { type JudgedDrift, needsProof } from "../kernel/config/judge.ts";
import { advisedSync, configAdvice } from "./advised-sync.ts";
import type { Check, CheckContext, CheckFinding, Effect } from "./check.ts";
import { sourcesOf, unknownOf, unpreparedOf } from "./compare.ts";
import { type Proof, proofOf, shownText } from "./proof.ts";

const SHOWN = 8;

/**
 * Every symbol of the tree's .config against the target's, leaving out what only records the build host. Differences
 * count by what modules make of them: most are felt by nothing that a module has, the others are proved (deep/).
 */
export const config: Check = {
	id: "config",
	run(context): CheckFinding {
		const { tree, target, targetConfig, syncCommand } = context;
		const evidence = [...sourcesOf(target.config), { kind: "tree", path: join(tree.output, ".config") }];
		if (targetConfig === null || tree.config === null) {
			const [expected, actual] = [
				targetConfig === null ? null : "the target's options",
				tree.config === null ? null : "a .config",
			];
			const advice =
				targetConfig === null ? unknownOf("the target's .config") : unpreparedOf(".config", syncCommand);
			return { id: "config", status: "unknown", expected, actual, evidence, advice };
		}
		const drift = context.drift();
		if (drift.length === 0) {
			const count = `${targetConfig.size} symbols`;
			return { id: "config", status: "match", expected: count, actual: count, evidence, advice: null };
		}
		const judged = judgement(drift, context.proof === null ? null : proofOf(context.proof));
		const first = judged.decisive.length > 0 ? judged.decisive : drift;
		return {
			id: "config",
			status: judged.status,
			expected: listed(first, drift, "target"),
			actual: listed(first, drift, "tree"),
			evidence,
			advice: adviceOf(context, judged),
			...(judged.why === null ? {} : { why: judged.why }),
			...(judged.effect === null ? {} : { effect: judged.effect }),
			...(judged.asks ? { asks: true } : {}),
		};
	},
};

interface Judgement {
	status: "note" | "mismatch" | "unknown";
	why: string | null;
	effect: Effect | null;
	/** The symbols that decided. */
	decisive: JudgedDrift[];
	asks: boolean;
}

function judgement(drift: JudgedDrift[], proof: Proof | null): Judgement {
	const open = drift.filter(needsProof);
	const rest = restText(drift);
	const plain = { effect: null, decisive: [], asks: false };
	if (open.length === 0) return { ...plain, status: "note", why: rest };
	if (proof === null) return { ...plain, status: "unknown", why: null, decisive: open, asks: true };
	const unsafe = open.filter((one) => one.class === "code" && isUnsafe(one, proof));
	if (proof.layout === "different" || unsafe.length > 0) {
		const named = new Set(proof.structs.flatMap(({ symbols }) => symbols));
		const causes = open.filter((one) => named.has(one.symbol));
		const decisive = [...causes, ...unsafe.filter((one) => !causes.includes(one))];
		const symbols = unsafe.map(({ symbol }) => symbol);
		return {
			status: "mismatch",
			why: null,
			effect: { kind: "unsafe", structs: proof.structs, symbols },
			decisive: decisive.length > 0 ? decisive : open,
			asks: false,
		};
	}
	if (proof.layout === "unknown") return { ...plain, status: "unknown", why: null, decisive: open };
	const shown = `${open.length} that modules could feel change nothing for them: ${shownText(proof)}`;
	return { ...plain, status: "note", why: rest === "" ? shown : `${shown}; ${rest}` };
}

/** Whether code is called or instrumented in another way because of it, as far as both sides' code shows, else by the option itself. */
function isUnsafe({ symbol, target, tree }: JudgedDrift, { marks }: Proof): boolean {
	const row = instrumentationOf(symbol);
	if (row === null) return false;
	const lost = isOn(target) && !isOn(tree);
	const consequence = lost ? row.lost : row.extra;
	if (row.marks.length === 0 || marks === null) return consequence === "unsafe";
	return row.marks.some((mark) => {
		const found = marks.find((one) => one.mark === mark);
		if (found === undefined) return false;
		return (found.target > found.tree ? row.lost : row.extra) === "unsafe";
	});
}

function isOn(value: string | null): boolean {
	return value !== null && value !== "n";
}

/** Why those that no proof is needed for are nothing to modules. */
function restText(drift: JudgedDrift[]): string {
	const count = (kind: JudgedDrift["class"]) => drift.filter((one) => one.class === kind).length;
	const words = (number: number, what: string) => (number === 0 ? [] : [`${number} ${what}`]);
	return [
		...words(count("host"), "what Kconfig found out about this machine's tools"),
		...words(count("rust"), "felt by modules in Rust only"),
		...words(count("options"), "asked for by no header or build rule of modules"),
	].join("; ");
}

function adviceOf(context: CheckContext, { status, asks }: Judgement): CheckFinding["advice"] {
	if (status === "note") return null;
	if (asks) return { about: null, commands: [`${context.verifyCommand} --deep`] };
	return status === "mismatch" ? configAdvice(context) : { about: null, commands: [advisedSync(context)] };
}

function listed(first: JudgedDrift[], drift: JudgedDrift[], side: "target" | "tree"): string {
	const all = [...first, ...drift.filter((one) => !first.includes(one))];
	const rest = all.length - SHOWN;
	const some = all.slice(0, SHOWN).map((one) => `CONFIG_${one.symbol}=${one[side] ?? "n"}`);
	return some.join(" ") + (rest > 0 ? ` and ${rest} more` : "");
}
