import { describe, expect, it } from "vitest";
import { byCompiler, hostCommand } from "../../../../src/kernel/kbuild/host-command.ts";

const placed = (path: string) => `/new/${path}`;

describe("hostCommand", () => {
	it.each([
		[
			"cmd_scripts/basic/fixdep := gcc -Wp,-MMD,scripts/basic/.fixdep.d -O2       -o scripts/basic/fixdep scripts/basic/fixdep.c   \n",
			"arm-gcc -O2 -o /new/scripts/basic/fixdep scripts/basic/fixdep.c",
		],
		[
			"savedcmd_scripts/mod/modpost := ccache gcc   -o scripts/mod/modpost scripts/mod/modpost.o scripts/mod/file2alias.o\n\nsource := x",
			"arm-gcc -o /new/scripts/mod/modpost /new/scripts/mod/modpost.o /new/scripts/mod/file2alias.o",
		],
		[
			"cmd_scripts/mod/modpost.o := gcc -Wp,-MMD,a.d -D'X(s)=$(pound)s' -I$$HOME -c -o scripts/mod/modpost.o /src/scripts/mod/modpost.c",
			"arm-gcc -DX(s)=#s -I$HOME -c -o /new/scripts/mod/modpost.o /src/scripts/mod/modpost.c",
		],
	])("repeats %s by another compiler", (saved, words) => {
		const command = hostCommand(saved);
		expect(command && byCompiler(command, "arm-gcc", placed).join(" ")).toBe(words);
	});

	it("knows no command without a product", () => {
		expect(hostCommand("cmd_scripts/mod/elfconfig.h := scripts/mod/mk_elfconfig < a > b")).toBeNull();
		expect(hostCommand("")).toBeNull();
	});
});
