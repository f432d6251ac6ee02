import * as v from "valibot";
import { KprepError } from "../../../errors.ts";
import { run } from "../../../host/process/run.ts";

const LIST = v.record(v.string(), v.looseObject({ hosts: v.optional(v.array(v.string()), []) }));

/** The hosts of an ansible inventory, each once. Throws "usage" for one with none, and what ansible-inventory throws. */
export async function machinesOf(inventory: string, signal?: AbortSignal): Promise<string[]> {
	const { stdout } = await run(["ansible-inventory", "-i", inventory, "--list"], { signal });
	const { _meta: _, ...groups } = JSON.parse(stdout) as Record<string, unknown>;
	const hosts = Object.values(v.parse(LIST, groups)).flatMap(({ hosts }) => hosts);
	if (hosts.length > 0) return [...new Set(hosts)];
	throw new KprepError("usage", "no-machines", `${inventory} names no machine`, {
		expected: "an ansible inventory with the build machines",
	});
}

/** The names dealt out to the machines in turn; machines without any are left out. */
export function dealt(names: readonly string[], machines: readonly string[]): Record<string, string[]> {
	const hands = machines.map((machine, at) => [
		machine,
		names.filter((_, card) => card % machines.length === at),
	]);
	return Object.fromEntries(hands.filter(([, hand]) => (hand?.length ?? 0) > 0));
}
