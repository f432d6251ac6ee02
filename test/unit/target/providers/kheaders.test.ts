import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lacks } from "../../../helpers/lacks.ts";
import { fakeRoot, resolveIn, versionHeader } from "../fake-root.ts";

test.skipIf(lacks("xz"))(
	"the running kernel's own headers archive tells its version (needs xz)",
	async () => {
		const source = fakeRoot({
			"include/generated/uapi/linux/version.h": versionHeader("5.4.61"),
			"include/generated/randomize_layout_hash.h": `#define RANDSTRUCT_HASHED_SEED "${"ab".repeat(32)}"\n`,
		});
		const root = fakeRoot({ "proc/modules": "", "lib/modules/5.4.0-x/modules.order": "" });
		mkdirSync(join(root, "sys/kernel"), { recursive: true });
		execFileSync("tar", ["-cJf", join(root, "sys/kernel/kheaders.tar.xz"), "-C", source, "./include"]);
		const target = await resolveIn({}, { machine: { root, uname: "5.4.0-x" } });
		expect(target.version).toMatchObject({ value: "5.4.61", source: { kind: "sys" } });
		expect(target.randstructHash?.value).toBe("ab".repeat(32));
	},
);
