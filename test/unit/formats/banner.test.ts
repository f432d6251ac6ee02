import { expect, test } from "vitest";
import { parseBanner } from "../../../src/formats/banner.ts";

test.each([
	[
		"Debian",
		"Linux version 6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2025-11-16)",
		["6.1.0-56-amd64", "gcc-12 (Debian 12.2.0-14+deb12u1) 12.2.0", "6.1.192"],
	],
	[
		"Fedora",
		"Linux version 6.11.4-301.fc41.x86_64 (mockbuild@host) (gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3), GNU ld version 2.43.1-2.fc41) #1 SMP PREEMPT_DYNAMIC Sun Oct 20",
		["6.11.4-301.fc41.x86_64", "gcc (GCC) 14.2.1 20240912 (Red Hat 14.2.1-3)", null],
	],
	[
		"before 5.8",
		"Linux version 4.19.0-27-amd64 (debian-kernel@lists.debian.org) (gcc version 8.3.0 (Debian 8.3.0-6)) #1 SMP Debian 4.19.316-1 (2024-06-25)",
		["4.19.0-27-amd64", "gcc version 8.3.0 (Debian 8.3.0-6)", "4.19.316"],
	],
	[
		"clang",
		"Linux version 6.6.30-android15 (build-user@build-host) (Android (11368308) clang version 18.0.0, LLD 18.0.0) #1 SMP PREEMPT",
		["6.6.30-android15", "Android (11368308) clang version 18.0.0", null],
	],
	["unbalanced", "Linux version 6.6.30 (u@h) (gcc (GCC 1", ["6.6.30", null, null]],
])("%s", (_name, text, [release, compiler, version]) => {
	expect(parseBanner(text)).toMatchObject({ release, compiler, version });
});

test.each(["", "Linux version", "Linux version 6.1", "FreeBSD 14"])("%j is no banner", (text) => {
	expect(parseBanner(text)).toBeNull();
});

const DEBIAN = "Linux version 6.1.0-1-amd64 (debian-kernel@lists.debian.org) (gcc-12 12.2.0) ";
const UBUNTU = "Linux version 5.15.0-91-generic (buildd@lcy02) (gcc (Ubuntu 11.4.0) 11.4.0, GNU ld 2.38) ";

test.each([
	[`${DEBIAN}#1 SMP PREEMPT_RT Debian 6.1.192-2 (2026-11-16)`, "Debian", "6.1.192-2", "6.1.192"],
	[`${DEBIAN}#1 SMP Debian 6.12.117-1~deb12u1 (2026-11-16)`, "Debian", "6.12.117-1~deb12u1", "6.12.117"],
	[
		`${DEBIAN}#1 SMP PREEMPT_DYNAMIC Debian 7.2.1-1~exp1+b1 (2026-11-16)`,
		"Debian",
		"7.2.1-1~exp1+b1",
		"7.2.1",
	],
	[
		`${UBUNTU}#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 (Ubuntu 5.15.0-91.101-generic 5.15.131)`,
		"Ubuntu",
		"5.15.0-91.101",
		"5.15.131",
	],
	[
		`${UBUNTU}#29~20.04.1-Ubuntu SMP Wed (Ubuntu 5.11.0-27.29~20.04.1-generic-64k 5.11.22)`,
		"Ubuntu",
		"5.11.0-27.29~20.04.1",
		"5.11.22",
	],
])("%s tells the package", (text, vendor, version, base) => {
	expect(parseBanner(text)).toMatchObject({ version: base, packaged: { vendor, version } });
});

test.each([
	`${UBUNTU}#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023`,
	`${DEBIAN}#1 SMP PREEMPT_DYNAMIC Sun Oct 20`,
])("%s does not", (text) => expect(parseBanner(text)).toMatchObject({ version: null, packaged: null }));
