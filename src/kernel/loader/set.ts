import type { TargetKnowledge, TargetSymbol } from "./knowledge.ts";
import type { Exported, Judged } from "./predict.ts";

/** One module of a call that names several: what it is called, what it gives, and what became of it. */
export type Sibling = Pick<Judged, "name" | "exports" | "verdict" | "errno" | "message">;

/**
 * The target as a module meets it when its siblings were loaded before it: they stand in for the target's own modules of
 * their names, and their exports for those of the target's modules; what the image exports nobody can replace
 * (verify_exported_symbols()).
 */
export function withSiblings(kernel: TargetKnowledge, siblings: readonly Sibling[]): TargetKnowledge {
	const given = new Map<string, TargetSymbol>();
	const names = new Map(siblings.map((one) => [one.name, one.verdict === "refused" ? fate(one) : null]));
	for (const { name, exports } of siblings)
		for (const { symbol, crc, gpl, namespace } of exports) {
			if (kernel.exports?.get(symbol)?.owner === "vmlinux") continue;
			given.set(symbol, { crc, gpl, namespace, owner: name });
		}
	return {
		...kernel,
		exports: kernel.exports === null ? null : new Overlaid(kernel.exports, given, names),
		siblings: names,
	};
}

function fate({ errno, message }: Sibling): string {
	return [errno, message].filter(Boolean).join(": ");
}

/** Whether judging the module among its siblings could say something else than judging it alone. */
export function leansOnSiblings(
	{ imports }: Judged,
	kernel: TargetKnowledge,
	giverOf: (symbol: string) => { from: Sibling; exported: Exported } | null,
): boolean {
	return imports.some((symbol) => {
		const sibling = giverOf(symbol);
		if (sibling === null) return false;
		const own = kernel.exports?.get(symbol);
		if (own === undefined) return true;
		const { from, exported } = sibling;
		if (own.owner === "vmlinux") return false;
		return (
			from.verdict === "refused" ||
			own.owner !== from.name ||
			own.crc !== exported.crc ||
			own.gpl !== exported.gpl ||
			(own.namespace ?? "") !== (exported.namespace ?? "") ||
			kernel.installed?.has(from.name) !== true
		);
	});
}

/** A map under another. Exports that a sibling's namesake among the target's modules has, and it has not, are gone. */
class Overlaid extends Map<string, TargetSymbol> {
	readonly #lower: ReadonlyMap<string, TargetSymbol>;
	readonly #names: ReadonlyMap<string, unknown>;

	constructor(
		lower: ReadonlyMap<string, TargetSymbol>,
		upper: ReadonlyMap<string, TargetSymbol>,
		names: ReadonlyMap<string, unknown>,
	) {
		super(upper);
		this.#lower = lower;
		this.#names = names;
	}

	override get(symbol: string): TargetSymbol | undefined {
		const own = super.get(symbol);
		if (own !== undefined) return own;
		const lower = this.#lower.get(symbol);
		return lower !== undefined && this.#names.has(lower.owner) ? undefined : lower;
	}
}
