/** The first release of some distributions with that glibc (their own package lists). */
const RELEASES: readonly [minor: number, systems: string, image: string][] = [
	[28, "Debian 10, RHEL 8", "debian:10"],
	[31, "Debian 11, Ubuntu 20.04", "debian:11"],
	[34, "RHEL 9, Debian 12, Ubuntu 22.04", "debian:12"],
	[35, "Debian 12, Ubuntu 22.04", "debian:12"],
	[36, "Debian 12, Ubuntu 24.04", "debian:12"],
	[39, "Debian 13, Ubuntu 24.04, RHEL 10", "debian:13"],
	[41, "Debian 13, Ubuntu 25.04, Fedora 42", "debian:13"],
];

/** Systems whose C library has all of the given versions (GLIBC_2.34); null when none is known to. */
export function systemsWith(symbols: readonly string[]): string | null {
	return firstWith(symbols)?.[1] ?? null;
}

/** The image of such a system. */
export function containerWith(symbols: readonly string[]): string | null {
	return firstWith(symbols)?.[2] ?? null;
}

function firstWith(symbols: readonly string[]) {
	const minors = symbols.flatMap((symbol) => {
		const minor = /^GLIBC_2\.(\d{1,3})/.exec(symbol)?.[1];
		return minor === undefined ? [] : [Number(minor)];
	});
	return minors.length === 0 ? undefined : RELEASES.find(([minor]) => minor >= Math.max(...minors));
}
