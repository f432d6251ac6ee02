import type { Drift } from "./drift.ts";
import { instrumentationOf } from "./instrumentation.ts";
import { expressionSymbols, hostFacts, isAttainable, type Kconfig } from "./kconfig.ts";

/**
 * What a difference can do to a module:
 * - "host": what Kconfig found out about this machine's tools; what follows from it is in the list itself;
 * - "rust": only modules in Rust feel it;
 * - "options": nothing that a module is made of asks for it, only other options and the kernel's own sources;
 * - "code": how code is called or instrumented, or a number that is built in (./instrumentation.ts);
 * - "felt": headers or build rules ask for it, so that structures may differ: to be proved.
 */
export type DriftClass = "host" | "rust" | "options" | "code" | "felt";

/** A difference with what it can do. */
export interface JudgedDrift extends Drift {
	class: DriftClass;
	/** False: the tree's Kconfig does not know the symbol, so that nothing here can switch it on. null: not looked into. */
	known: boolean | null;
	/** False: on in the target, off in the tree, and no configuration of this tree can have it on. */
	attainable: boolean;
}

/** What the tree says about the symbols that differ. */
export interface JudgeKnowledge {
	/** null: no Kconfig could be read; host facts are told by their names then. */
	kconfig: Kconfig | null;
	headers: ReadonlySet<string>;
	build: ReadonlySet<string>;
}

/** Names that kernels give to facts about the host: for symbols that this tree's Kconfig does not know. */
const HOST_NAMES =
	/^(?:CC_(?:HAS|HAVE|IS|CAN)_\w+|(?:AS|LD|LLD|TOOLS)_(?:HAS|IS|SUPPORTS?|CAN)_\w+|AS_\w+|TOOLS_SUPPORT_\w+|OPENSSL_SUPPORTS_\w+|\w+_IS_AVAILABLE|HAVE_\w+_COMPILER|CC_VERSION_TEXT|\w+_VERSION)$/;

/** Puts each difference into its class. Pure: what is felt has still to be proved. */
export function judgeDrift(drift: readonly Drift[], knowledge: JudgeKnowledge): JudgedDrift[] {
	const { kconfig, headers, build } = knowledge;
	const host = kconfig === null ? new Set<string>() : hostFacts(kconfig);
	const differs = new Set(drift.map(({ symbol }) => symbol));
	return drift.map((one) => {
		const { symbol } = one;
		const entry = kconfig?.symbols.get(symbol);
		const known = kconfig === null ? null : entry !== undefined;
		const felt = headers.has(symbol) || build.has(symbol);
		const fact = host.has(symbol) || (entry === undefined && HOST_NAMES.test(symbol));
		const kind = (): DriftClass => {
			if (isRust(symbol, entry?.decides ?? [], differs)) return "rust";
			if (instrumentationOf(symbol) !== null) return "code";
			if (felt) return "felt";
			if (fact) return "host";
			// Another source: what the option does there cannot be read here.
			return known === false && isSet(one.target) ? "felt" : "options";
		};
		// "is not set" is only written for what can be set.
		const lost = isSet(one.target) && one.tree === null;
		const attainable = !lost || kconfig === null || isAttainable(kconfig, symbol);
		return { ...one, class: kind(), known, attainable };
	});
}

/** RUST itself, what is found out about its tools, and what wants it to be on. */
function isRust(symbol: string, decides: readonly string[], differs: ReadonlySet<string>): boolean {
	if (
		/^(?:RUST|HAVE_RUST|RUST_\w+|RUSTC_\w+|BINDGEN_\w+|SAMPLES_RUST\w*|\w+_RUST|\w+_RUST_\w+)$/.test(symbol)
	)
		return true;
	return differs.has("RUST") && decides.some((one) => expressionSymbols(one).includes("RUST"));
}

function isSet(value: string | null): boolean {
	return value !== null && value !== "n";
}

/** Those that a proof has to decide about. */
export function needsProof({ class: kind }: JudgedDrift): boolean {
	return kind === "felt" || kind === "code";
}
