import { AR_MAGIC, arHeader } from "../../formats/archive/ar.ts";
import { smallTar } from "../../formats/archive/write-tar.ts";
import { shellLink } from "./link-script.ts";
import type { PackageNames } from "./names.ts";

export interface DebFacts {
	names: PackageNames;
	architecture: string;
	/** Libraries of the host tools, as dependencies; and the compiler that the settings name. */
	depends: string[];
	kibibytes: number;
	mtime: number;
	/** V.P.S. */
	base: string;
}

/** Nobody in person: a name that no host can have (RFC 2606). */
const MAINTAINER = "kprep <packages@kprep.invalid>";

/** The control file (Debian Policy 5.3). */
export function debControl({ names, architecture, depends, kibibytes }: DebFacts): string {
	const { release } = names;
	return `Package: ${names.package}
Source: kprep-headers
Version: ${names.version}
Section: kernel
Priority: optional
Architecture: ${architecture}
Maintainer: ${MAINTAINER}
Installed-Size: ${kibibytes}
Depends: ${["make", ...depends].join(", ")}
Recommends: gcc
Enhances: dkms
Provides: linux-headers, linux-headers-${release.toLowerCase().replace(/[^a-z0-9+.-]/g, "-")}
Description: headers to build modules for the Linux kernel ${release}
 Made by kprep from a source tree that was made ready for this kernel and
 verified against it: configuration, generated headers, symbol versions and
 host tools. Where nothing else is there, /lib/modules/${release}/build
 leads to it, for plain make, DKMS and akmods. It installs beside the
 distribution's own headers and never over them.
`;
}

/** postinst and prerm: the link is made only where nothing is, and taken away only when it is this package's. */
export function debScripts(names: PackageNames): { postinst: string; prerm: string } {
	const { make, remove } = shellLink(names);
	return {
		postinst: `#!/bin/sh
set -e
if [ "$1" = configure ]; then
${make}
    if [ -d /etc/kernel/header_postinst.d ]; then
        run-parts --arg='${names.release}' /etc/kernel/header_postinst.d || echo "a hook of /etc/kernel/header_postinst.d failed; the headers are in place" >&2
    fi
fi
exit 0
`,
		prerm: `#!/bin/sh
set -e
if [ "$1" = remove ]; then
${remove}
fi
exit 0
`,
	};
}

/** What stands in usr/share/doc/PACKAGE. */
export function debDocs({ names, base }: DebFacts): { copyright: string; changelog: string } {
	return {
		copyright: `Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Linux
Source: https://www.kernel.org/
Comment: packed by kprep from a tree of Linux ${base}

Files: *
Copyright: 1991 Linus Torvalds and the authors of the Linux kernel
License: GPL-2
 The Linux kernel is under the GNU General Public License, version 2, with the
 Linux syscall note. On Debian systems the text of the license is in
 /usr/share/common-licenses/GPL-2.
`,
		changelog: `kprep-headers (${names.version}) unstable; urgency=medium

  * Headers for ${names.release}, made by kprep.

 -- ${MAINTAINER}  `,
	};
}

/** control.tar: control, scripts and md5sums. */
export function debControlTar(facts: DebFacts, sums: string): Uint8Array {
	const { postinst, prerm } = debScripts(facts.names);
	return smallTar(
		[
			{ path: "./control", content: debControl(facts) },
			{ path: "./md5sums", content: sums },
			{ path: "./postinst", content: postinst, mode: 0o755 },
			{ path: "./prerm", content: prerm, mode: 0o755 },
		],
		facts.mtime,
	);
}

/** What precedes each part of a .deb (deb(5)): format version, control archive; the data archive follows. */
export function debHead(
	controlTarGz: Uint8Array,
	dataName: string,
	dataSize: number,
	mtime: number,
): Uint8Array {
	const text = (value: string) => new TextEncoder().encode(value);
	const odd = controlTarGz.length % 2 === 1 ? "\n" : "";
	return Buffer.concat([
		text(`${AR_MAGIC}${arHeader("debian-binary", 4, mtime)}2.0\n`),
		text(arHeader("control.tar.gz", controlTarGz.length, mtime)),
		controlTarGz,
		text(odd + arHeader(dataName, dataSize, mtime)),
	]);
}
