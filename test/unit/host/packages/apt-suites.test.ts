import { expect, test } from "vitest";
import { debianSuites } from "../../../../src/host/packages/apt-suites.ts";
import { fakeRoot } from "../../target/fake-root.ts";

test("suites that a mirror may still have: released within eight years, in the making, and those that never are", () => {
	const root = fakeRoot({
		"debian.csv": [
			"version,codename,series,created,release,eol",
			"1.1,Buzz,buzz,1993-08-16,1996-06-17,1997-06-05",
			"12,Bookworm,bookworm,2021-08-14,2023-06-10,2026-06-10",
			"14,Forky,forky,2025-08-09",
			"15,Duke,duke,2099-08-01",
			",Sid,sid,1993-08-16",
			",Experimental,experimental,1993-08-16",
			"",
		].join("\n"),
	});
	expect(debianSuites(`${root}/debian.csv`, new Date("2026-01-01"))).toEqual(["bookworm", "forky", "sid"]);
	expect(debianSuites(`${root}/absent.csv`)).toContain("oldstable");
});
