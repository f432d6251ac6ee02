import { expect, test } from "vitest";
import { parseBanner } from "../../../src/kernel/banner.ts";

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
