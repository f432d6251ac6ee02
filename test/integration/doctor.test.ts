import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Root } from "../../src/host/files/root.ts";
import { readDistribution } from "../../src/host/machine/distribution.ts";
import { packageFor } from "../../src/host/packages/tools.ts";
import { attempt } from "../../src/host/process/run.ts";
import { skips } from "../helpers/lacks.ts";

const RUN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
const distribution = readDistribution(new Root());
const RELEASE = "6.1.0-1-test";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "kprep-doctor-"));
	const symbols = [
		"DEBUG_INFO_BTF",
		"MODVERSIONS",
		"X86",
		"X86_64",
		...Array.from({ length: 20 }, (_, n) => `F${n}`),
	];
	put(
		`root/boot/config-${RELEASE}`,
		`${symbols.map((it) => `CONFIG_${it}=y`).join("\n")}\nCONFIG_MODULES=y\n`,
	);
	mkdirSync(join(folder, `root/lib/modules/${RELEASE}`), { recursive: true });
	mkdirSync(join(folder, "bin"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(path: string, content: string): void {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), content);
}

/** A program that is found on the fake PATH; every call is recorded in FOLDER/calls. */
function program(name: string, script: string): void {
	put(`bin/${name}`, `#!/bin/sh\necho "${name} $*" >>${folder}/calls\n${script}\n`);
	chmodSync(join(folder, "bin", name), 0o755);
}

async function doctor(...args: string[]) {
	const command = [process.execPath, RUN, "doctor", "--sysroot", join(folder, "root"), ...args, "--json"];
	const { status, stdout } = await attempt(command, {
		cwd: folder,
		env: { PATH: join(folder, "bin"), XDG_CACHE_HOME: join(folder, "cache") },
	});
	return { status, json: JSON.parse(stdout) };
}

interface Tool {
	name: string;
	ok: boolean;
	must: boolean;
}

const tool = (json: { tools: Tool[] }, name: string) => json.tools.find((it) => it.name === name);

describe("kprep doctor", () => {
	it("says what the config needs, what is here, and exits 1 when something is missing", async () => {
		program("pahole", "echo v1.24");
		const { status, json } = await doctor();
		expect(status).toBe(1);
		expect(json.target).toBe(RELEASE);
		expect(tool(json, "pahole")).toMatchObject({ ok: true, version: "1.24", found: `${folder}/bin/pahole` });
		expect(tool(json, "pahole")).toMatchObject({
			needed_for: expect.stringContaining("CONFIG_DEBUG_INFO_BTF"),
		});
		expect(tool(json, "bison")).toMatchObject({
			ok: false,
			found: null,
			package: packageFor("bison", distribution),
		});
		expect(json.missing).toContain("bison");
		expect(json.missing).not.toContain("qemu-system-x86_64");
		expect(json.aids.map(({ symbol }: { symbol: string }) => symbol)).toContain("KALLSYMS_ALL");
	});

	it("wants the versions that the tree asks for", async () => {
		for (const file of ["Makefile", "Kconfig"]) put(`tree/${file}`, "");
		put("tree/scripts/min-tool-version.sh", 'case "$1" in\nbinutils)\n\techo 99.1\n\t;;\nesac\n');
		put("tree/lib/Kconfig.debug", "config DEBUG_INFO_BTF\n\tdepends on PAHOLE_VERSION >= 130\n");
		program("pahole", "echo v1.24");
		program("ld", 'echo "GNU ld (GNU Binutils) 2.40"');
		const { json } = await doctor("tree");
		expect(tool(json, "pahole")).toMatchObject({ ok: false, version: "1.24", required: "1.30" });
		expect(tool(json, "ld")).toMatchObject({ ok: false, required: "99.1" });
		expect(tool(json, "flex")).toBeUndefined();
	});

	it("refuses a folder that is no tree", async () => {
		const { status, json } = await doctor("bin");
		expect(status).toBe(3);
		expect(json.error.code).toBe("not-a-tree");
	});
});

const noApt = skips(
	distribution?.family.includes("debian") !== true,
	"not Debian: no apt to try doctor --fix with",
);

describe.skipIf(noApt)("kprep doctor --fix, here with apt", () => {
	it("asks first: without a terminal and --yes it only says what it would run", async () => {
		program("apt-get", "exit 0");
		const { status, json } = await doctor("--fix");
		expect(status).toBe(2);
		expect(json.error).toMatchObject({ code: "not-confirmed" });
		expect(json.error.message).toContain("apt-get install -y");
		expect(() => readFileSync(join(folder, "calls"), "utf8")).toThrow();
	});

	it("installs, refreshes the lists when that fails, and looks again", async () => {
		program("sudo", '"$@"');
		const fake = `${folder}/bin`;
		program(
			"apt-get",
			`case "$1" in update) /bin/touch ${folder}/fresh ;; install) test -e ${folder}/fresh || exit 100
for name in flex bison bc; do printf '#!/bin/sh\\necho 9.9\\n' >${fake}/$name; /bin/chmod +x ${fake}/$name; done ;; esac`,
		);
		const { json } = await doctor("--fix", "--yes");
		const calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
		const apt = calls.filter((line) => line.startsWith("apt-get"));
		expect(apt[0]).toMatch(/^apt-get install -y .*\bbison\b/);
		expect(apt[1]).toBe("apt-get update");
		expect(apt[2]).toBe(apt[0]);
		expect(json.missing).not.toContain("bison");
		expect(json.missing).toContain("make");
	});

	it("a package that these lists do not have is not asked for, and said to be missing in the end", async () => {
		program("sudo", '"$@"');
		const lists = ["apt", "bison", "flex"].map(
			(name) =>
				`${name}:\n  Installed: (none)\n  Candidate: 1:3.8-1\n     500 http://mirror sid/main Packages`,
		);
		put("policy", `${lists.join("\n")}\n`);
		program("apt-cache", `/bin/cat ${folder}/policy`);
		program("apt-get", "exit 0");
		const { json: report } = await doctor();
		expect(tool(report, "bison")).toMatchObject({ available: true });
		expect(tool(report, "bc")).toMatchObject({ available: false });
		expect(report.install).toMatch(/\bbison\b/);
		expect(report.install).not.toMatch(/\bbc\b/);
		const { status, json } = await doctor("--fix", "--yes");
		expect(status).toBe(3);
		expect(json.error).toMatchObject({ code: "no-package", message: expect.stringMatching(/\bbc\b/) });
		expect(readFileSync(join(folder, "calls"), "utf8")).toMatch(/apt-get install -y .*\bbison\b/);
	});

	it("one package that cannot be installed keeps none of the others away", async () => {
		program("sudo", '"$@"');
		const fake = `${folder}/bin`;
		program(
			"apt-get",
			`case "$1" in install) case "$*" in *bison*) exit 100 ;; esac
case "$*" in *flex*) printf '#!/bin/sh\necho 9.9\n' >${fake}/flex; /bin/chmod +x ${fake}/flex ;; esac ;; esac`,
		);
		const { status } = await doctor("--fix", "--yes");
		expect(status).toBe(4);
		expect(tool((await doctor()).json, "flex")).toMatchObject({ ok: true });
	});
});
