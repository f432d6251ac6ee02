import type { Details, Machine, Verdict } from "../entry.ts";

/** Asks the machine whether a diagnosis holds; reads only. */
export type Probe = (details: Details, machine: Machine) => Verdict;

export const NOT_CHECKABLE: Verdict = { verdict: "not-checkable", evidence: [] };

/** True when the log names a kernel, and it is not the one that runs: what is here then says nothing. */
export function aboutAnother({ release_kernel }: Details, { release }: Machine): boolean {
	return release_kernel !== undefined && !release_kernel.includes(release);
}

/** The build folder of the running kernel, without a slash behind it. */
export function buildFolder({ release }: Machine): string {
	return `/lib/modules/${release}/build`;
}

/** Confirmed when a file is missing, contradicted when it is there now; `paths` are places of which any one serves. */
export function missing(paths: (details: Details, machine: Machine) => string[]): Probe {
	return (details, machine) => {
		const places = paths(details, machine).filter((path) => path.startsWith("/"));
		const [first] = places;
		if (first === undefined) return NOT_CHECKABLE;
		const there = places.find((path) => machine.exists(path));
		return there === undefined
			? { verdict: "confirmed", evidence: [`${first} is not there`] }
			: { verdict: "contradicted", evidence: [`${there} is there`] };
	};
}

/** As `missing`, in the running kernel's build folder; not checkable where that folder itself is not there. */
export function missingInBuild(files: (details: Details) => string[]): Probe {
	return (details, machine) => {
		if (aboutAnother(details, machine) || !machine.exists(`${buildFolder(machine)}/`)) return NOT_CHECKABLE;
		const inner = files(details).map((file) =>
			file.startsWith("/") ? file : `${buildFolder(machine)}/${file}`,
		);
		return missing(() => inner)(details, machine);
	};
}

/** Confirmed when the running kernel has the option as `wanted`, contradicted when it has not. */
export function configured(symbols: readonly string[], wanted: (value: string) => boolean): Probe {
	return (details, machine) => {
		if (aboutAnother(details, machine)) return NOT_CHECKABLE;
		const values = symbols.map((symbol) => ({ symbol, value: machine.config(symbol) }));
		if (values.some(({ value }) => value === null))
			return { verdict: "not-checkable", evidence: [`no config of ${machine.kernel} is readable`] };
		const fits = values.some(({ value }) => wanted(value as string));
		return {
			verdict: fits ? "confirmed" : "contradicted",
			evidence: values.map(({ symbol, value }) => `CONFIG_${symbol} of ${machine.kernel} is ${value}`),
		};
	};
}

/** Facts worth knowing that decide nothing. */
export function observed(...evidence: (string | null)[]): Verdict {
	return { verdict: "not-checkable", evidence: evidence.filter((line) => line !== null) };
}

/** The columns of a symbol in the running kernel's Module.symvers; null when it does not list it, undefined when there is no such file. */
export function exportOf(symbol: string, machine: Machine): string[] | null | undefined {
	return exportsOf([symbol], machine)?.[0];
}

/** As `exportOf`, of several, in their order; undefined when there is no such file. */
export function exportsOf(symbols: readonly string[], machine: Machine): (string[] | null)[] | undefined {
	const symvers = machine.text(`${buildFolder(machine)}/Module.symvers`);
	if (symvers === null) return undefined;
	return symbols.map((symbol) => {
		const at = symvers.indexOf(`\t${symbol}\t`);
		if (at < 0) return null;
		return symvers.slice(symvers.lastIndexOf("\n", at) + 1, symvers.indexOf("\n", at)).split("\t");
	});
}

/** A module's name as sysfs has it. */
export function sysName(details: Details): string | null {
	return details.module?.[0]?.replaceAll("-", "_") ?? null;
}
