import { constants } from "node:os";
import { expect, test } from "vitest";
import { errnoName } from "../../../../src/kernel/errno/errno.ts";

test.each([
	[8, "ENOEXEC"],
	[-8, "ENOEXEC"],
	[-129, "EKEYREJECTED"],
	[4000, "4000"],
])("errnoName(%i) is %s", (number, name) => {
	expect(errnoName(number)).toBe(name);
});

test.runIf(process.platform === "linux" && ["x64", "arm64"].includes(process.arch))(
	"agrees with this machine",
	() => {
		for (const [name, number] of Object.entries(constants.errno)) {
			const ours = errnoName(number);
			if (!/^\d/.test(ours) && name !== "EWOULDBLOCK" && name !== "ENOTSUP") expect(ours).toBe(name);
		}
	},
);
