import { quoted } from "../../shell-word.ts";
import type { Details, Entry } from "../entry.ts";
import { building } from "../place.ts";
import { missingInBuild } from "../probes/probe.ts";
import type { Scene } from "../reading/scene.ts";
import { containerWith, systemsWith } from "./glibc.ts";

/** Programs of the tree, a path below it: scripts/mod/modpost, tools/objtool/objtool... */
export const TREE_TOOL = /(?:^|\/)(?:scripts|tools|certs|usr)\/[\w.+/-]{1,150}$/;

/** Where a source for modules goes: no folder of the log, and the same for every command. */
const SOURCE = "~/linux-source";

/** Programs that the build needs on the machine, and those that it builds in the tree. */
export const hostToolEntries: Entry[] = [
	{
		id: "host-tools-wrong-arch",
		title: "The helper programs of the tree are for another machine",
		place: building(11),
		cause:
			"{file|A program in scripts/} was compiled for another machine than the one that builds here, and cannot run.",
		remedy:
			"Build the programs here (make scripts modules_prepare in the tree; kprep sync rebuilds them), or take headers that were packaged for this machine.",
		commands: ["file {file|scripts/basic/fixdep}; uname -m", "make scripts modules_prepare"],
		causes: [
			"headers cross-built on a PC and copied to the board",
			"a container or chroot of another architecture",
		],
		check: "file scripts/basic/fixdep scripts/mod/modpost; uname -m",
		origin: "the shell that make runs; cross-built headers packages",
		patterns: [
			{
				needles: ["qemu-", "ld-linux"],
				match:
					/(?:qemu-\w{1,20}(?:-static)?|rosetta error): .{0,80}[Cc]ould not open '?\S{0,100}\/ld-linux|[Cc]ould not open '\/lib\w{0,4}\/ld-linux\S{0,40}'/,
			},
			// There, of the right architecture, and still not of this machine: its libraries are other ones.
			{
				needles: ["while loading shared libraries"],
				match: /(?<file>(?:scripts|tools|certs)\/[\w.+/-]{1,150}): error while loading shared libraries:/,
			},
		],
		event: (event) =>
			event.kind === "no-exec" && (TREE_TOOL.test(event.program) || !event.program.includes("/"))
				? { details: { file: [event.program] } }
				: null,
	},
	{
		id: "host-tools-missing",
		title: "A helper program of the tree was never built",
		place: building(15),
		cause:
			"{file|A program in scripts/ or tools/} is not in the tree: it was never prepared, or the headers package lacks it.",
		remedy:
			"In a tree of your own: make modules_prepare (kprep sync). Packaged headers: reinstall or complete the package. If the file is there and said to be not found, its program loader is missing: it is for another machine.",
		commands: ["ls -l {file|scripts/basic/fixdep}", "kprep sync", "make modules_prepare"],
		check: "ls and file of that path",
		origin: "scripts/Makefile.build, Makefile.modpost, Makefile.modfinal",
		confirm: missingInBuild(({ file }) => file?.slice(0, 1) ?? []),
		patterns: [
			{
				needles: ["annot stat"],
				match:
					/(?:install|cp|strip|mv): cannot stat '(?<file>(?:\S{0,200}\/)?(?:scripts|tools)\/[\w./-]{1,120})'/,
				place: building(50),
				certainty: "likely",
			},
			{
				needles: [
					"recordmcount",
					"modpost",
					"fixdep",
					"genksyms",
					"resolve_btfids",
					"kallsyms",
					"sorttable",
					"insert-sys-cert",
					"asn1_compiler",
					"conmakehash",
					"pnmtologo",
				],
				match:
					/(?:sh|bash|make\S{0,5}): (?:.{0,40}\s)?(?:\.\/)?(?<file>[\w./-]{0,200}\/(?:recordmcount|modpost|fixdep|genksyms|resolve_btfids|kallsyms|sorttable|insert-sys-cert|asn1_compiler|conmakehash|pnmtologo)): not found/,
			},
		],
		event: (event) => {
			if (
				event.kind === "no-program" &&
				event.program.includes("/") &&
				TREE_TOOL.test(event.program) &&
				!/objtool$/.test(event.program)
			)
				return { details: { file: [event.program] } };
			if (
				event.kind === "no-rule" &&
				/^(?:\.\/)?(?:scripts\/(?:basic\/fixdep|mod\/modpost|genksyms\/genksyms|recordmcount\S{0,3}|sorttable|kallsyms)|tools\/bpf\/resolve_btfids\/\S{1,40})$/.test(
					event.target,
				)
			)
				return { details: { file: [event.target] } };
			return null;
		},
	},
	{
		id: "host-tools-newer-libc",
		title: "The programs of the tree want a newer C library than this machine has",
		place: building(10),
		cause:
			"{file|A program of the tree} was built on a newer system: it wants {symbol|a newer C library} than the one here. It is no program of another architecture.",
		remedy:
			"Build the module on a system as new as the one that packaged the headers (a container will do), or in a source tree of this kernel, whose programs are built here (kprep sync does it); or use the headers and the kernel that this distribution packages.",
		commands: [
			"ldd --version | head -1",
			(known, { scene, release }) => newerSystem(known, scene, release),
			(_, { release, scene }) => {
				// Programs that make names by a path within the tree are called from its top.
				const of =
					release !== null
						? quoted(release)
						: `"$(cat ${scene.entered[0] === undefined ? "" : `${quoted(scene.entered[0])}/`}include/config/kernel.release)"`;
				return [
					`kprep source get -t ${of} --dest ${SOURCE} # ${release === null ? "in the folder of the headers; " : ""}the programs are built anew there, for this machine`,
					`kprep sync ${SOURCE} -t ${of}`,
				];
			},
			(_, { scene, release }) =>
				scene.dkms === null
					? [`make -C ${SOURCE} M=${scene.m ? quoted(scene.m) : "$PWD"} modules`]
					: [
							`sudo dkms install ${quoted(`${scene.dkms.name}/${scene.dkms.version}`)} -k ${release === null ? '"$(uname -r)"' : quoted(release)} --kernelsourcedir ${SOURCE} --force`,
						],
		],
		here: ({ symbol }) => {
			const systems = systemsWith(symbol ?? []);
			return systems === null ? null : `A system that has it: ${systems}, or newer.`;
		},
		causes: [
			"headers of a newer distribution or of a vendor's own repository on an older system",
			"a container older than the host whose /usr/src is mounted",
		],
		check: "ldd --version; objdump -T of the program | grep GLIBC",
		origin: "ld.so (glibc); prebuilt scripts/ and tools/ of headers packages",
		patterns: [
			{
				needles: ["GLIBC"],
				match:
					/(?<file>(?:scripts|tools|certs)\/[\w.+/-]{1,150}): \S{0,200}: version '(?<symbol>GLIBC\w{0,6}_[\d.]{1,10})' not found/,
			},
			{
				needles: ["not found (required by"],
				match:
					/version '(?<symbol>GLIBC\w{0,6}_[\d.]{1,10})' not found \(required by \S{0,300}?(?<file>(?:scripts|tools|certs)\/[\w.+/-]{1,150})\)/,
			},
		],
	},
	{
		id: "objtool-refused",
		title: "objtool refuses an object of the module",
		place: building(37),
		cause:
			"objtool found code in {file|an object} that it cannot accept[[ ({symbol})]]: an object that is prebuilt or stripped, or was compiled or linked without the kernel's flags. Since 6.15 such finds are errors where CONFIG_OBJTOOL_WERROR=y; before, a warning of objtool stopped nothing.",
		remedy:
			"Compile every object through kbuild and link without --strip-all (-s); take a newer version of the driver. For a prebuilt blob, OBJECT_FILES_NON_STANDARD_NAME.o := y leaves it out, knowing that return thunks and unwinding are lost in it.",
		commands: [
			"grep -rnE 'strip-all|ldflags|LDFLAGS|OBJECT_FILES_NON_STANDARD' {folder|.} --include=Makefile --include=Kbuild",
			"grep -rlE -- '--strip-all|-Wl,-s\\b' {folder|.} --include=Makefile --include=Kbuild | xargs -r sed -i 's/--strip-all/--strip-debug/g'",
			{ way: "update-driver" },
			{ way: "rebuild" },
		],
		check: "CONFIG_OBJTOOL_WERROR in .config; which command made the object (make V=1)",
		origin: "tools/objtool/check.c; scripts/Makefile.lib (objtool-args, --werror since 6.15)",
		patterns: [
			{
				needles: ["error: objtool"],
				match:
					/(?:(?<file>[^\s:]{1,300}\.k?o): )?error: objtool(?: \[[^\]]{1,60}\])?: (?:(?<symbol>[\w.$]{1,200})\+0x[0-9a-f]{1,8}|.{1,200})/,
			},
			{
				needles: ["upgraded to errors"],
				match: /objtool.{0,40}: \d{1,6} warning\(s\) upgraded to errors/,
				read: () => ({}),
			},
			{
				needles: ["Error 255"],
				match: /\*\*\* \[(?:\S{1,300}:\d{1,6}: )?(?<file>[^\s\]]{1,300}\.o)\] Error 255/,
				certainty: "likely",
				read: ({ groups }, scene) => (scene.objtool ? { file: [groups?.file ?? ""] } : null),
			},
		],
	},
	{
		id: "objtool-missing",
		title: "objtool is not in the tree, and the configuration needs it",
		place: building(14),
		cause:
			"{file|tools/objtool/objtool} is missing, and CONFIG_OBJTOOL or CONFIG_STACK_VALIDATION makes every compile call it.",
		remedy:
			"make prepare (or make tools/objtool) in the tree, with libelf's headers installed; or a headers package that ships it.",
		commands: [{ install: ["gelf.h"] }, "make -C TREE tools/objtool"],
		check: "ls tools/objtool/objtool; CONFIG_OBJTOOL, CONFIG_STACK_VALIDATION, CONFIG_UNWINDER_ORC",
		origin: "scripts/Makefile.build (cmd_objtool), scripts/Makefile.lib, 4.6 and later",
		confirm: missingInBuild(() => ["tools/objtool/objtool"]),
		patterns: [
			{
				needles: ["objtool"],
				match:
					/(?:^|[\s'])(?<file>(?:\.\/|\/\S{1,200}\/)?tools\/objtool\/objtool)'?: (?:not found|No such file|command not found|cannot open)/,
				read: () => ({ file: ["tools/objtool/objtool"] }),
			},
		],
		event: (event) => {
			const name = event.kind === "no-program" ? event.program : event.kind === "no-rule" ? event.target : "";
			return /tools\/objtool\/(?:objtool|Makefile)$/.test(name)
				? { details: { file: [/tools\/objtool\/\w{1,20}$/.exec(name)?.[0] ?? name] } }
				: null;
		},
	},
];

/** The build in a container of a system whose C library is new enough. */
function newerSystem({ symbol }: Details, { dkms, m }: Scene, release: string | null): string[] {
	const image = containerWith(symbol ?? []);
	if (image === null || dkms !== null) return [];
	const kernel = release === null ? "$(uname -r)" : quoted(release);
	const folder = m ? quoted(m) : "$PWD";
	return [
		`docker run --rm -it -v /lib/modules:/lib/modules -v /usr/src:/usr/src -v ${folder}:${folder} -w ${folder} ${image} # in it: apt update && apt install -y build-essential libelf1; make -C /lib/modules/${kernel}/build M=${folder} modules; in a Dockerfile of your own: FROM ${image}; headers that lie elsewhere: -v and -C of that folder`,
	];
}
