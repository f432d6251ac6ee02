import { describe, expect, it } from "vitest";
import { silent } from "../../../src/host/progress.ts";
import { failedProbes } from "../../../src/workflows/sync/failed-probes.ts";
import { fingerprint } from "../../helpers/fingerprint.ts";
import { Bench } from "../../helpers/kbuild/machine.ts";
import { lacks } from "../../helpers/lacks.ts";
import { fakeRoot } from "../../unit/target/fake-root.ts";

const MAKEFILE = `
try-run = $(shell set -e; TMP=".$$$$.tmp"; if ($(1)) >/dev/null 2>&1; then echo "$(2)"; else echo "$(3)"; fi; rm -f "$$TMP")
cc-option = $(call try-run,gcc $(KBUILD_CFLAGS) $(1) -c -x c /dev/null -o "$$TMP",$(1),)
FLAGS := $(call cc-option,-Wall) $(call cc-option,-O2) $(call cc-option,-g) $(call cc-option,-kprep-none)
all: ; @echo $(FLAGS)
`;

describe.skipIf(lacks("make") || lacks("gcc"))("tests for compiler options", () => {
	const probesOf = (flags: string) => {
		const folder = fakeRoot({ Makefile: `KBUILD_CFLAGS := ${flags}\n${MAKEFILE}` });
		return failedProbes({ srctree: folder, objtree: folder, goals: ["all"], jobs: 1, progress: silent });
	};

	it("that all fail have one cause: the compiler's own words and the file that is not there", async () => {
		expect(await probesOf("-fplugin=/nonexistent/vendor/plug.so")).toMatchObject({
			missing: "/nonexistent/vendor/plug.so",
			words: expect.stringContaining("/nonexistent/vendor/plug.so"),
			command: expect.stringContaining("-Wall"),
		});
	});

	it("of which one fails have none", async () => {
		expect(await probesOf("")).toBeNull();
	});
});

describe.skipIf(lacks("make"))("a Kconfig that its vendor's build feeds", () => {
	it("names the variable, what the tree's build files say, and takes it", { timeout: 60_000 }, async () => {
		const bench = new Bench({
			era: "6.6",
			release: "6.6.30-board",
			hook: 'if [ "$1" = config ] && [ -z "$BOARD_DIR" ]; then echo "Kconfig:1: can\'t open file" >&2; exit 1; fi',
			kconfig: ['source "$(BOARD_DIR)/Kconfig"'],
			more: { "board/Kconfig": "", "build.config.msm": "LLVM=1\nBOARD_DIR=board\n" },
		});
		const before = fingerprint(bench.tree);
		const { status, json } = await bench.sync();
		expect([status, json.error.code]).toEqual([4, "kconfig-environment"]);
		expect(json.error.message).toContain("BOARD_DIR");
		expect(json.error.expected).toContain("board (build.config.msm:2)");
		expect(json.error.suggestions).toContain("the same command with --make-var BOARD_DIR=board");
		expect(fingerprint(bench.tree)).toEqual(before);
		const cured = await bench.sync("--make-var", "BOARD_DIR=board");
		expect(cured.json?.error).toBeUndefined();
		expect(cured.json).toMatchObject({ applied: true });
	});
});

describe.skipIf(lacks("make"))("a failed sync", () => {
	it("advises no compiler that is not here", { timeout: 60_000 }, async () => {
		const bench = new Bench({
			era: "6.6",
			release: "6.6.30-board",
			hook: '[ "$1" = prepare ] && { echo "cc1: error: code model kernel does not support PIC mode" >&2; exit 1; }',
		});
		const { status, json } = await bench.sync();
		expect([status, json.error.code]).toEqual([4, "make-failed"]);
		expect(json.error.suggestions.filter((line: string) => /^make .*\bCC=/.test(line))).toEqual([]);
	});
});
