import type { Config } from "../config/config.ts";
import { configMacros, evaluateCondition } from "../kbuild/preprocessor.ts";
import { configSymbolsOf, type GuardedMember } from "./guards.ts";
import type { LayoutDifference } from "./struct-layout.ts";

/** A config symbol that decides about members and is another in the tree than in the target. */
export interface GuardDifference {
	/** Without CONFIG_. */
	symbol: string;
	/** Value as written, "n" when it is not set or absent. */
	target: string;
	tree: string;
	/** Members that it guards and that differ. */
	members: string[];
	/** The conditions as they stand in the source. */
	guards: string[];
}

/** Why two layouts of one structure differ, as far as the tree's own source and the two configs tell. */
export interface LayoutCause {
	symbols: GuardDifference[];
	/** Missing or extra members that no differing symbol explains. */
	unexplained: string[];
}

/** `members` are those of the tree's own source (`guardedMembers`). */
export function layoutCause(
	difference: LayoutDifference,
	members: readonly GuardedMember[],
	target: Config,
	tree: Config,
): LayoutCause {
	const symbols = new Map<string, GuardDifference>();
	const unexplained: string[] = [];
	for (const { name } of [...difference.missing, ...difference.extra]) {
		const guards = members.filter((member) => member.name === name).flatMap((member) => member.guards);
		const deciding = guards.flatMap((guard) => decidingSymbols(guard, target, tree));
		if (deciding.length === 0) unexplained.push(name);
		for (const { symbol, guard } of deciding) note(symbols, symbol, guard, name, target, tree);
	}
	return { symbols: [...symbols.values()], unexplained };
}

/**
 * Members of one structure that the two configs switch differently, by the tree's own source alone: what can be said
 * without a compiler's debug information.
 */
export function switchedMembers(
	members: readonly GuardedMember[],
	target: Config,
	tree: Config,
): { missing: string[]; extra: string[]; symbols: GuardDifference[] } {
	const [missing, extra]: [string[], string[]] = [[], []];
	const symbols = new Map<string, GuardDifference>();
	for (const { name, guards } of members) {
		const [there, here] = [target, tree].map((config) => isThere(guards, config));
		if (there === here || there === null || here === null) continue;
		(there ? missing : extra).push(name);
		for (const { symbol, guard } of guards.flatMap((one) => decidingSymbols(one, target, tree)))
			note(symbols, symbol, guard, name, target, tree);
	}
	return { missing, extra, symbols: [...symbols.values()] };
}

/** Whether all conditions hold; null when one cannot be decided and none fails. */
function isThere(guards: readonly string[], config: Config): boolean | null {
	const macros = configMacros((name) => config.get(name));
	const values = guards.map((guard) => evaluateCondition(guard, macros));
	if (values.includes(false)) return false;
	return values.includes(null) ? null : true;
}

/** Symbols of a condition that has another outcome by the two configs, and that differ themselves. */
function decidingSymbols(guard: string, target: Config, tree: Config): { symbol: string; guard: string }[] {
	const [there, here] = [target, tree].map((config) =>
		evaluateCondition(
			guard,
			configMacros((name) => config.get(name)),
		),
	);
	if (there === here && there !== null) return [];
	return configSymbolsOf(guard)
		.map((name) => (target.has(name) || tree.has(name) ? name : name.replace(/_MODULE$/, "")))
		.filter((symbol) => configured(target, symbol) !== configured(tree, symbol))
		.map((symbol) => ({ symbol, guard }));
}

function note(
	symbols: Map<string, GuardDifference>,
	symbol: string,
	guard: string,
	member: string,
	target: Config,
	tree: Config,
): void {
	const known = symbols.get(symbol) ?? {
		symbol,
		target: configured(target, symbol),
		tree: configured(tree, symbol),
		members: [],
		guards: [],
	};
	if (!known.members.includes(member)) known.members.push(member);
	if (!known.guards.includes(guard)) known.guards.push(guard);
	symbols.set(symbol, known);
}

function configured(config: Config, symbol: string): string {
	return config.get(symbol) ?? "n";
}
