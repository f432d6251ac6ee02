import { versionOfPackage } from "../../kernel/source/source-candidate.ts";
import { decompress } from "../archive/decompress.ts";
import type { Root } from "../files/root.ts";
import type { KernelOrigin } from "./package-source.ts";

/** Packages that a kernel's files come in, the one that tells most first (Ubuntu, Debian to 7.1, Debian from 7.2). */
const PACKAGES = ["linux-modules", "linux-image", "linux-image-unsigned", "linux-binary", "linux-headers"];

const STATUS = "/var/lib/dpkg/status";
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The .deb that the kernel `release` of `root` came from: by dpkg's status, else by the changelog that the package
 * left in /usr/share/doc (an unpacked root without dpkg). null when neither tells.
 */
export async function aptOrigin(root: Root, release: string): Promise<KernelOrigin | null> {
	const names = PACKAGES.map((name) => `${name}-${release}`);
	const status = root.text(STATUS, MOST_BYTES);
	for (const name of status === null ? [] : names) {
		const found = fromStanza(name, status ?? "");
		if (found !== null) return { ...found, where: root.outer(STATUS) };
	}
	for (const name of names) {
		for (const file of ["changelog.Debian.gz", "changelog.gz"]) {
			const path = `/usr/share/doc/${name}/${file}`;
			const bytes = await root.bytes(path);
			if (bytes === null) continue;
			const head = new TextDecoder().decode((await decompress(bytes, { what: path })).subarray(0, 200));
			const found = fromChangelog(name, head);
			if (found !== null) return { ...found, where: root.outer(path) };
		}
	}
	return null;
}

/** The version of an installed package by dpkg's status of `root`; null when it is not installed there. */
export function installedVersion(root: Root, name: string): string | null {
	return fromStanza(name, root.text(STATUS, MOST_BYTES) ?? "")?.version ?? null;
}

/**
 * The page of the archive that keeps every version of a source package: Debian's or Ubuntu's, told by the form of
 * the version. null for a kernel that came from no .deb.
 */
export function aptArchive({ name, source, sourceVersion }: KernelOrigin): string | null {
	if (!PACKAGES.some((prefix) => name.startsWith(`${prefix}-`))) return null;
	return versionOfPackage(sourceVersion, "deb") === null
		? `https://launchpad.net/ubuntu/+source/${source}/${sourceVersion}`
		: `https://snapshot.debian.org/package/${source}/${sourceVersion}/`;
}

type Named = Omit<KernelOrigin, "where">;

/** From the stanza of an installed package: `Source: linux-signed-amd64 (6.1.192+2)`, absent when it is named alike. */
function fromStanza(name: string, status: string): Named | null {
	const start = status.startsWith(`Package: ${name}\n`) ? 0 : status.indexOf(`\nPackage: ${name}\n`);
	if (start < 0) return null;
	const end = status.indexOf("\n\n", start + 1);
	const stanza = status.slice(start, end < 0 ? undefined : end);
	const version = /^Version: *(\S+)/m.exec(stanza)?.[1];
	if (version === undefined || !/^Status: .*\binstalled$/m.test(stanza)) return null;
	const [, source = name, sourceVersion = version] = /^Source: *(\S+)(?: *\(([^)]+)\))?/m.exec(stanza) ?? [];
	return unsigned({ name, version, source, sourceVersion });
}

function fromChangelog(name: string, head: string): Named | null {
	const [, source, version] = /^(\S+) \(([^)\s]+)\) /.exec(head) ?? [];
	if (source === undefined || version === undefined) return null;
	const { sourceVersion, ...rest } = unsigned({ name, version, source, sourceVersion: version });
	return { ...rest, version: sourceVersion, sourceVersion };
}

/** Debian signs in a source package of its own: linux-signed-amd64 6.1.192+2 is made from linux 6.1.192-2. */
function unsigned(named: Named): Named {
	const [, series = "", arch] = /^linux-signed(-\d[\d.]*)?(-[a-z0-9]+)?$/.exec(named.source) ?? ["", "", ""];
	if (!named.source.startsWith("linux-signed")) return named;
	const sourceVersion =
		arch === undefined ? named.sourceVersion : named.sourceVersion.replace(/^([^-+]+)\+/, "$1-");
	return { ...named, source: `linux${series}`, sourceVersion };
}
