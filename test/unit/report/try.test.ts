import { expect, test } from "vitest";
import { tryText } from "../../../src/report/try.ts";

test("tryText tells the story in its order, and nothing of the terminal's escapes", () => {
	const boot = { accelerator: "tcg", seconds: 2.24 };
	const text = tryText({
		...{ distribution: "Debian", release: "6.1.0-56-amd64", package: "linux-image 6.1", fetched: false },
		...{ tree: "/cache/tree", sysroot: "/cache/root", source: "linux-source-6.1.tar.xz", seconds: 57.3 },
		before: {
			vermagic: "6.1.192 SMP ",
			boot: { ...boot, loaded: false, errno: "ENOEXEC", log: ["probe: taints", "probe: \u001b[31mno"] },
		},
		sync: {
			...{ strategy: "pin", reason: "because", verdict: "match" },
			stages: [{ name: "modules_prepare", seconds: 12.51 }],
		},
		after: { vermagic: "6.1.0-56-amd64 SMP ", boot: { ...boot, loaded: true, errno: null, log: [] } },
	});
	expect(text).not.toContain("\u001b");
	expect(text).toMatch(
		/from the cache[\s\S]*6\.1\.192 SMP[\s\S]*refused, ENOEXEC[\s\S]*pin[\s\S]*12\.5 s[\s\S]*loaded/,
	);
});
