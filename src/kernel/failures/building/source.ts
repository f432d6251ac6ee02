import { quoted } from "../../shell-word.ts";
import type { Details, Entry, Machine, Match, Verdict } from "../entry.ts";
import { building } from "../place.ts";
import { buildCommands, rebuildCommands } from "../poster/way.ts";
import { isOfTree } from "../reading/compile-error.ts";
import type { LogEvent } from "../reading/events.ts";
import type { Scene } from "../reading/scene.ts";

/** Warnings that kbuild makes errors because code that earns them does not work (KBUILD_CFLAGS), and gcc 14 by itself: they show another interface. */
const INTERFACE_WARNINGS =
	/^(?:implicit-function-declaration|incompatible-(?:function-)?pointer-types(?:-strict)?|int-conversion|implicit-int|return-type|return-mismatch|declaration-missing-parameter-type|designated-init|cast-function-type(?:-strict)?)$/;

/** gcc's and clang's words for a name, a member, a type or an argument that is not as the source expects it. */
const INTERFACE_WORDS =
	/implicit declaration|call to undeclared|has no member|no member named|too (?:few|many) arguments|incompatible (?:pointer )?types?|incompatible (?:integer to pointer|pointer to integer|function pointer)|undeclared|unknown type name|conflicting types|redefinition of|redeclar|incomplete type|passing argument|initialization of|assignment to|invalid use of|unknown field|field designator|storage size of|invalid application of|does not refer to|not a function|subscripted value|no type|void value not ignored|macro '[^']*' (?:passed|requires)|requires \d+ arguments?|parameter name omitted|static declaration of|type defaults to|BUILD_BUG|compiletime_assert|static assertion failed|call to '[^']*' declared with attribute error|#error/;

/** What no version of any kernel would take: a slip of the pen. */
const SYNTAX_WORDS =
	/^(?:expected (?:';'|'\)'|'\}'|'\]'|expression|identifier|declaration or statement)|missing terminating|stray '|unterminated|extraneous closing|invalid suffix|invalid preprocessing)/;

/** The module's own source, and what of the kernel it was written against. */
export const sourceEntries: Entry[] = [
	{
		id: "import-ns-string",
		title: "MODULE_IMPORT_NS takes a string since 6.13",
		place: building(40),
		cause:
			"{file|The source} names the namespace[[ {namespace}]] without quotes, as kernels up to 6.12 want it; since 6.13 the macro takes a string.",
		remedy:
			'Write MODULE_IMPORT_NS("{namespace|NAMESPACE}") for 6.13 and later, and keep the other form behind #if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0); or take a newer version of the driver.',
		commands: [
			"grep -rnE 'MODULE_IMPORT_NS|EXPORT_SYMBOL_NS' {folder|.}",
			"sed -i -E 's/MODULE_IMPORT_NS\\((\\w+)\\)/MODULE_IMPORT_NS(\"\\1\")/' {file|FILE.c}",
			{ way: "rebuild" },
		],
		check:
			"grep MODULE_IMPORT_NS in the source; define MODULE_IMPORT_NS in include/linux/module.h of the tree",
		origin: "include/linux/module.h (MODULE_IMPORT_NS), 6.13 and later",
		event: (event, scene) => {
			if (event.kind !== "compile-error") return null;
			// A kernel before 5.4 does not have the macro at all.
			if (
				/(?:implicit declaration|undeclared).{0,40}MODULE_IMPORT_NS|'MODULE_IMPORT_NS' undeclared/.test(
					event.words,
				)
			)
				return null;
			const name = /before '?(\w{1,100})'?/.exec(event.words)?.[1] ?? null;
			const namespace = name !== null && /^[A-Z]\w*$/.test(name) ? { namespace: [name], symbol: [name] } : {};
			const about =
				/MODULE_IMPORT_NS|import_ns/.test(event.words) ||
				(scene.importNs && /^expected '?[,;)]|expected string literal|before string/.test(event.words));
			return about ? { details: { file: [event.file], ...namespace } } : null;
		},
		explains: ["kernel-api-changed"],
	},
	{
		id: "extra-cflags-ignored",
		title: "The Makefile sets EXTRA_CFLAGS, which kernels since 6.15 ignore",
		place: building(38),
		cause:
			"{file|A header of the module's own folders} is not found: its -I stands in EXTRA_CFLAGS (or EXTRA_AFLAGS, EXTRA_LDFLAGS), and kbuild dropped those in 6.15 without a word.",
		remedy:
			"Write ccflags-y (known since 2.6.24) in place of EXTRA_CFLAGS, with $(src) for the module's own folder, or take a newer version of the driver.",
		commands: [
			"grep -rnE 'EXTRA_(C|A|LD)FLAGS' {folder|.} --include=Makefile --include=Kbuild --include='*.mk'",
			(known, { scene }) => {
				const folder = known.folder?.[0] === undefined ? "." : quoted(known.folder[0]);
				const sudo = scene.dkms === null ? "" : "sudo ";
				return [
					`grep -rlE 'EXTRA_(C|A|LD)FLAGS' ${folder} --include=Makefile --include=Kbuild --include='*.mk' | ${sudo}xargs -r sed -i 's/\\bEXTRA_CFLAGS\\b/ccflags-y/g; s/\\bEXTRA_AFLAGS\\b/asflags-y/g; s/\\bEXTRA_LDFLAGS\\b/ldflags-y/g'`,
				];
			},
			{ way: "rebuild" },
		],
		causes: [
			"-I with a path below the kernel's folder: since 6.13 make enters the module's own folder",
			"-I$(PWD)/include, and PWD is another folder under sudo or dkms: write -I$(src)/include",
		],
		check: "grep EXTRA_CFLAGS in the module's Makefiles; the release is 6.15 or later",
		origin: "scripts/Makefile.build, scripts/Makefile.lib: EXTRA_CFLAGS removed in 6.15",
		confirm: setsExtraFlags,
		event: (event, scene) => {
			if (event.kind !== "no-header" || !isOwnHeader(event.header, event.source)) return null;
			const age = newest(scene);
			if (age !== null && !age.atLeast(6, 13)) return null;
			const certain = age?.atLeast(6, 15) ?? false;
			const details = { file: [event.header], ...(scene.m ? { folder: [scene.m] } : {}) };
			return certain ? { details } : { details, place: building(44), certainty: "possible" };
		},
	},
	{
		id: "kernel-api-changed",
		title: "The driver's source does not fit this kernel version",
		place: building(41),
		cause:
			"The compiler stops in the module's own source ({file|a file of the driver})[[ at {symbol}]]: this version of the driver was written for kernels whose interface is another one. The headers are as they should be.",
		remedy:
			"Take a version of the driver (or its patch, or its fork) that knows this kernel[[, {release_kernel}]], or boot a kernel that it does know: an older one as a rule, a newer one where what it misses came later than this kernel. Installing headers or a compiler again changes nothing. Where a vendor backports (RHEL, SUSE, Android), the driver's LINUX_VERSION_CODE tests are what is wrong.",
		commands: [
			{ way: "update-driver" },
			"grep -rnw {symbol|NAME} /lib/modules/{release_kernel|$(uname -r)}/build/include | head",
			// Building the same version again fails again.
			(_, { scene, release }) => (scene.dkms === null ? rebuildCommands(scene, release) : []),
		],
		here: ({ file }, { scene }) => knownDriver(file?.[0] ?? scene.dkms?.name ?? ""),
		causes: [
			"a function was removed, renamed or given other parameters in this version of the kernel",
			"a structure lost or gained members, or a callback another signature",
			"a header moved (asm/unaligned.h is linux/unaligned.h since 6.12)",
		],
		check: "the first error line; git log -S NAME in the kernel's history shows the change",
		origin:
			"gcc and clang; the kernel keeps no stable interface for modules (Documentation/process/stable-api-nonsense.rst)",
		patterns: [
			{
				needles: ["too new", "too old", "supported"],
				match:
					/(?:[Tt]his|[Yy]our|[Tt]he) (?:linux )?kernel(?: version)?[^.]{0,60} is (?:too new|too old|not (?:yet )?supported|unsupported)|[Uu]nsupported kernel version \d|kernel version [^.]{0,40} (?:is )?(?:not (?:yet )?supported|unsupported|too new)/,
				read: () => ({}),
				place: building(46),
				certainty: "likely",
			},
		],
		event: apiChanged,
	},
	{
		id: "driver-warning-as-error",
		title: "A warning of the driver's source counts as an error here",
		place: building(42),
		cause:
			"{file|The driver's source} has a warning ({option|named in brackets}) that is made an error by its own -Werror or by CONFIG_WERROR; newer compilers warn of more.",
		remedy:
			"Switch that warning back to a warning for this build (KCFLAGS=-Wno-error={option|NAME}), or take a newer version of the driver. The tree is not at fault.",
		commands: [
			({ option }, { scene, release }) =>
				rebuildCommands(scene, release, `KCFLAGS=-Wno-error=${option?.[0] ?? "NAME"}`),
			{ way: "update-driver" },
		],
		check: "grep -rn Werror in the module's Makefiles; CONFIG_WERROR in .config",
		origin: "gcc and clang; CONFIG_WERROR since 5.15, scripts/Makefile.extrawarn",
		event: (event) => {
			if (event.kind !== "compile-error" || !event.asError || event.option === null) return null;
			if (INTERFACE_WARNINGS.test(event.option) || isOfTree(event.file)) return null;
			return { details: { file: [event.file], option: [event.option] } };
		},
	},
	{
		id: "compiler-newer-than-tree",
		title: "The tree is older than the compiler that builds it",
		place: building(39),
		cause:
			"The compiler stops in the tree's own source ({file|a file of the kernel or of its tools}): this version of the kernel was never built with a compiler as new.",
		remedy:
			"Use a compiler of the tree's own time (HOSTCC=gcc-N for its tools, CC=gcc-N for the kernel), or a newer sublevel of the same series, which has the fix. For the tools, HOSTCFLAGS=-Wno-error and WERROR=0 get past warnings.",
		commands: ["kprep sync", "make HOSTCFLAGS=-Wno-error WERROR=0 modules_prepare"],
		check: "gcc --version against CONFIG_CC_VERSION_TEXT and the year of the tree",
		origin: "gcc and clang; tools/lib, tools/objtool, scripts/ of the tree",
		event: (event, scene) => {
			if (event.kind !== "compile-error" || scene.m !== null || scene.external) return null;
			const host =
				/^(?:\.\/)?(?:tools|scripts|certs|usr)\/|\/(?:tools|scripts)\/(?:lib|objtool|bpf|mod|kconfig|basic)\//.test(
					event.file,
				);
			const c23 = /cannot use keyword '(?:false|true|bool)'|'(?:bool|false)' cannot be (?:defined|used)/.test(
				event.words,
			);
			if (/#error|No such file|file not found/.test(event.words)) return null;
			return host || c23 || (event.asError && isOfTree(event.file))
				? { details: { file: [event.file], ...(event.option === null ? {} : { option: [event.option] }) } }
				: null;
		},
	},
	{
		id: "source-error",
		title: "The source has an error that no kernel would take",
		place: building(45),
		cause: "The compiler cannot read {file|the source}: a slip in it, or a file that was cut or altered.",
		remedy: "Correct the line that the first error names, or bring the source anew.",
		commands: ["git -C {folder|.} status --short"],
		check: "the first error line, and the line before it",
		origin: "gcc and clang",
		event: (event) =>
			event.kind === "compile-error" && SYNTAX_WORDS.test(event.words) && !isOfTree(event.file)
				? { details: { file: [event.file] }, certainty: "likely" }
				: null,
	},
	{
		id: "module-source-missing",
		title: "kbuild finds no source for an object of the module",
		place: building(36),
		cause:
			"The module's Kbuild or Makefile names {file|an object}, and make has no way to it: its source is missing, has another name than obj-m or NAME-y says, or M= is not the folder of the Kbuild; or the tree lacks a program that every object needs (objtool).",
		remedy:
			"M= has to be the folder in which the Kbuild stands, and every object in obj-m and NAME-y needs a .c, .S or .rs of its name there. A checkout without its submodules, or half a package, lacks them.",
		commands: [
			"ls -l {folder|.}",
			"grep -n 'obj-m\\|-y\\|-objs' {folder|.}/Makefile {folder|.}/Kbuild",
			(known, { scene }) => {
				const tree = quoted(known.tree?.[0] ?? "/usr/src/linux");
				return scene.entered.length === 0
					? []
					: [
							`ls ${tree}/tools/objtool/objtool ${tree}/scripts/recordmcount* ${tree}/scripts/mod/modpost; grep -E 'STACK_VALIDATION|OBJTOOL' ${tree}/.config # when the source is there: one of these is missing, which every object needs, and make says the same`,
							`sudo make -C ${tree} tools/objtool # brings objtool, where its source is in the headers; else install headers that have it, or: kprep sync a source tree`,
						];
			},
			(known, { scene }) => {
				const folder = known.folder?.[0] === undefined ? "." : quoted(known.folder[0]);
				return scene.dkms === null
					? [`git -C ${folder} status --short; git -C ${folder} submodule update --init --recursive`]
					: [];
			},
			{ way: "update-driver" },
		],
		causes: [
			"a git checkout without --recurse-submodules",
			"a file system that does not tell case apart, or a file that a clean removed",
			"up to 6.12 an object of a composite module must not have the module's own name",
		],
		check: "ls of the folder that M= names",
		origin: "scripts/Makefile.build (no rule for the object)",
		event: (event, scene) => {
			if (
				event.kind === "no-path" &&
				scene.m !== null &&
				event.path.startsWith(`${scene.m}/`) &&
				event.how === "include"
			)
				return { details: { file: [event.path], folder: [scene.m] }, place: building(43) };
			if (event.kind !== "no-rule" || event.neededBy === null) return null;
			if (
				!/\.(?:o|c|S|rs|mod|ko)$/.test(event.target) ||
				!/\.(?:k?o|mod|order|a)$|modules$/.test(event.neededBy)
			)
				return null;
			const own =
				(event.target.startsWith("/") && !isOfTree(event.target)) ||
				(scene.m !== null && scene.m !== "" && !isOfTree(event.target) && !event.target.startsWith("arch/"));
			if (!own || /vmlinux\.o$/.test(event.target)) return null;
			const folder = scene.m || event.target.replace(/\/[^/]{1,200}$/, "");
			return { details: { file: [event.target], folder: [folder] } };
		},
	},
	{
		id: "external-module-missing",
		title: "The folder that M= names is not there, or has no Kbuild and no Makefile",
		place: building(4),
		cause:
			"make was given {path|a folder} as the external module, and no such folder exists, or none with a Kbuild or Makefile.",
		remedy: "Give the folder of the module's Kbuild in M=, as an absolute path: M=$PWD.",
		commands: [
			"ls -ld {path|.} {path|.}/Kbuild {path|.}/Makefile",
			(_, { scene }) =>
				scene.dkms === null
					? []
					: ["grep -nE 'PACKAGE_(NAME|VERSION)|MAKE|CLEAN' /usr/src/*/dkms.conf; dkms status"],
			(_, { scene, release }) => (scene.dkms === null ? buildCommands(scene, release) : []),
		],
		here: (_, { scene }) =>
			scene.dkms === null
				? null
				: "dkms builds in /var/lib/dkms/PACKAGE_NAME/PACKAGE_VERSION/build: MAKE in dkms.conf names another folder. Write M=$dkms_tree/$PACKAGE_NAME/$PACKAGE_VERSION/build there (or no M= of another version), then dkms remove and add it again.",
		check: "ls of the folder",
		origin: "top Makefile (specified external module directory), 6.13 and later",
		patterns: [
			{
				needles: ["specified external module directory"],
				match: /specified external module directory '(?<path>[^']{1,300})' does not exist/,
			},
			{
				needles: ["specified kernel directory"],
				match: /specified kernel directory '(?<path>[^']{1,300})' does not exist/,
			},
			{
				needles: ["failed to create output directory"],
				match: /failed to create output directory '(?<path>[^']{1,300})'/,
			},
		],
		// scripts/Makefile.build includes Kbuild or, without one, Makefile of the folder that it was sent to.
		event: (event, scene) => {
			// With M= in the log it is said of that folder that it has no source.
			if (event.kind !== "no-path" || event.how !== "include" || scene.m !== null) return null;
			const folder = /^(\/.{1,380})\/(?:Makefile|Kbuild)$/.exec(event.path)?.[1];
			if (folder === undefined || /\/lib\/modules\/|\/usr\/src\/|\/arch\//.test(folder)) return null;
			if (scene.entered.some((tree) => `${folder}/`.startsWith(`${tree}/`))) return null;
			return { details: { path: [folder], folder: [folder] }, certainty: "likely" };
		},
	},
];

/** Where versions of drivers that many have, for newer kernels, come from; null for others. */
function knownDriver(path: string): string | null {
	const [, advice] = DRIVERS.find(([name]) => name.test(path)) ?? [];
	return advice ?? null;
}

const DRIVERS: readonly [name: RegExp, advice: string][] = [
	[
		/nvidia/i,
		"NVIDIA's release notes name the newest kernel of each driver branch; a branch that is no longer maintained (340, 390, 470 and vGPU of its time) needs the patches of a distribution, or an older kernel.",
	],
	[
		/\b(?:rtl?8\d{3}\w*|88\w{2}au|rtw\w*|8812au|8821c[eu]|88x2bu)\b/i,
		"Many Realtek chips have a driver in the kernel itself by now (rtw88, rtw89, rtl8xxxu): see modinfo rtw88_core before building one.",
	],
	[
		/\b(?:vbox\w*|virtualbox)\b/i,
		"VirtualBox names the newest kernel of each release in its changelog: take a newer release.",
	],
	[
		/\b(?:zfs|spl|icp)\b/i,
		"OpenZFS names its newest kernel in META (Linux-Maximum): take a release whose number covers this one.",
	],
	[
		/\b(?:vmmon|vmnet)\b/i,
		"VMware's modules need the patched sources of a newer Workstation for newer kernels.",
	],
];

/** The compiler in the module's own source, over something of the kernel; a kernel header that is gone, too. */
function apiChanged(event: LogEvent, scene: Scene): Match | null {
	if (event.kind === "no-header") {
		// modpost's own work, not the driver's.
		if (event.source?.endsWith(".mod.c")) return null;
		const gone = isKernelHeader(event.header) && event.source !== null && !isOfTree(event.source);
		return gone &&
			(scene.m !== null ||
				scene.external ||
				event.source?.startsWith("/") ||
				!/^(?:drivers|fs|net|sound)\//.test(event.source ?? ""))
			? { details: { file: [event.header], symbol: [event.header] }, ...sureness(scene) }
			: null;
	}
	if (event.kind !== "compile-error") return null;
	const { file, words, option, asError } = event;
	if (/No such file|file not found/.test(words) || SYNTAX_WORDS.test(words)) return null;
	if (asError && option !== null && !INTERFACE_WARNINGS.test(option)) return null;
	const ofTree = isOfTree(file);
	// The kernel's own word on a compiler or configuration.
	if (ofTree && words.includes("#error")) return null;
	if (ofTree && !scene.external && scene.m === null) return null;
	const known =
		INTERFACE_WORDS.test(words) ||
		(option !== null && INTERFACE_WARNINGS.test(option)) ||
		!/[a-z]{4}/.test(words);
	const symbol = symbolIn(words);
	const details: Details = { file: [file], ...(symbol === null ? {} : { symbol: [symbol] }) };
	if (ofTree) return { details, place: building(47), certainty: "possible" };
	return known ? { details, ...sureness(scene) } : { details, place: building(44), certainty: "likely" };
}

/** A plain error of one file may be anybody's; in a packaged driver it is the interface. */
function sureness(scene: Scene): Partial<Match> {
	return scene.external || scene.m !== null ? {} : { certainty: "likely" };
}

/** The name that the words are about: what is quoted, functions first. */
function symbolIn(words: string): string | null {
	const quoted = [...words.matchAll(/'([^']{1,200})'/g)].map(([, text = ""]) => text.trim());
	const member = /(?:has no member named|no member named) '?(\w+)'?/.exec(words)?.[1];
	const names = quoted.filter(
		(text) => /^\.?[A-Za-z_]\w{2,}$/.test(text) && !/^(?:void|int|char|struct|const|static|bool)$/.test(text),
	);
	return (
		member ??
		names[0] ??
		quoted.map((text) => /(?:struct|union|enum) (\w{2,})/.exec(text)?.[1]).find(Boolean) ??
		null
	);
}

/** Folders below include/ of a kernel tree that drivers include from, and what -nostdinc took away in 5.16. */
function isKernelHeader(header: string): boolean {
	if (/^(?:linux|asm)\/(?:autoconf|version|compiler-gcc\d*)\.h$|^generated\//.test(header)) return false;
	return (
		/^(?:linux|asm|asm-generic|uapi|net|drm|sound|media|crypto|scsi|rdma|xen|video|acpi|trace|target|soc|pcmcia|misc|math-emu|kunit|kvm|keys|dt-bindings|clocksource|cxl|hyperv|ras|rv|ufs|vdso)\/[\w./-]+\.h$/.test(
			header,
		) || /^(?:stdarg|stddef|stdint|stdbool)\.h$/.test(header)
	);
}

/** A header that can only be the module's own, wanted by a file of the module. */
function isOwnHeader(header: string, source: string | null): boolean {
	if (source === null || isOfTree(source) || /^(?:scripts|tools|certs|usr|arch)\//.test(source)) return false;
	if (
		/^(?:std\w+|string|unistd|errno|sys\/.*|ctype|math|time|gelf|libelf|elf|dwarf|zlib|yaml|ncurses|gcc-plugin|plugin-version|bversion)\.h$|^(?:openssl|elfutils|sys|bits|gnu)\//.test(
			header,
		)
	)
		return false;
	return !isKernelHeader(header) && !/^generated\/|^linux\//.test(header);
}

/** The newest release that the log names, as a comparison. */
function newest(scene: Scene): { atLeast(major: number, minor: number): boolean } | null {
	const numbers = scene.releases
		.map((release) => /^(\d+)\.(\d+)/.exec(release))
		.flatMap((found) => (found === null ? [] : [[Number(found[1]), Number(found[2])] as const]));
	const [first] = numbers.sort(([a, b], [c, d]) => c - a || d - b);
	if (first === undefined) return null;
	return { atLeast: (major, minor) => first[0] > major || (first[0] === major && first[1] >= minor) };
}

/** Looks into the module's own Makefiles, where they are here. */
function setsExtraFlags({ folder }: Details, machine: Machine): Verdict {
	const place = folder?.[0];
	const texts = ["Makefile", "Kbuild"].map((name) =>
		place === undefined ? null : machine.text(`${place}/${name}`),
	);
	if (texts.every((text) => text === null)) return { verdict: "not-checkable", evidence: [] };
	const set = texts.some((text) => /\bEXTRA_(?:C|A|LD)FLAGS\b/.test(text ?? ""));
	return {
		verdict: set ? "confirmed" : "contradicted",
		evidence: [`the Makefile in ${place} ${set ? "sets EXTRA_CFLAGS" : "does not set EXTRA_CFLAGS"}`],
	};
}
