import { quoted } from "../../shell-word.ts";
import type { Details, Entry } from "../entry.ts";
import { building, follows } from "../place.ts";
import { noKernelMakefile } from "../probes/building.ts";
import type { Scene } from "../reading/scene.ts";

const WHAT =
	"(?:kernel[ -](?:headers?|sources?|build[ -](?:dir\\w{0,6}|folder|tree|path))|sources? (?:tree )?(?:of|for) (?:your |the )?(?:current(?:ly)? |running ){0,2}(?:linux )?kernel|headers? (?:of|for) (?:your |the )?(?:current(?:ly)? |running ){0,2}(?:linux )?kernel)";

const NO_HEADERS = new RegExp(
	`(?:can(?:no|')t|could(?: not|n't)|unable to|failed to|did not) (?:find|locate|detect|determine) (?:[^.]{0,60}?\\b)?${WHAT}|${WHAT}[^.]{0,60}? (?:not (?:be )?found|(?:is|are) (?:missing|not (?:installed|available|present)))|missing ${WHAT}`,
	"i",
);

/** The folder that a build was sent to: not there, or something else. */
export const buildFolderEntries: Entry[] = [
	{
		id: "build-dir-missing",
		title: "There are no headers for the release that is built for",
		place: building(0),
		cause:
			"{path|The folder build of that release, below /lib/modules,} does not exist, or is a link to a folder that is gone[[: the headers of {release_kernel} are not installed]].",
		remedy:
			"Install the headers of exactly that release, or reboot into the kernel whose headers are installed. In a container, use the host's headers (mount /lib/modules and /usr/src) or pass the tree with KDIR=.",
		commands: [
			({ release_kernel }, { scene }) =>
				asksRunning(release_kernel, scene)
					? [
							`grep -n 'uname -r' ${sourceOf(scene)}/Makefile ${sourceOf(scene)}/dkms.conf`,
							`sudo reboot # into ${scene.dkmsKernel}, which dkms builds for`,
						]
					: [],
			{ system: "headers" },
			"kprep source list -t {release_kernel|$(uname -r)}",
			"ls -l /lib/modules/{release_kernel|$(uname -r)}/; uname -r",
			{ way: "rebuild" },
		],
		here: ({ release_kernel }, { scene }) =>
			asksRunning(release_kernel, scene)
				? `dkms builds for ${scene.dkmsKernel}, and the driver's Makefile went to the headers of ${release_kernel?.[0]}: it asks uname -r. Boot ${scene.dkmsKernel} first, or let the Makefile use $(KERNELRELEASE), which dkms hands over.`
				: null,
		causes: [
			"the kernel was updated and the machine not rebooted: uname -r is the old one",
			"a container or WSL: uname -r is the host's, and its headers are not inside",
			"a kernel of one's own that was installed without its build tree",
		],
		check: "ls -lL /lib/modules/$(uname -r)/build; uname -r",
		origin: "GNU make (-C), dkms (prepare_kernel), installers of drivers",
		patterns: [
			{
				needles: ["ernel headers", "ernel source"],
				match:
					/[Yy]our kernel (?:headers|source) for kernel (?<release_kernel>\d\S{0,80}) cannot be found(?: at (?<path>\/\S{1,300}?)(?: or\b|$))?/,
			},
			{
				needles: ["kernel headers", "Kernel headers", "ernel source"],
				match:
					/kernel (?:headers|headers or sources|source)(?: for (?:target )?kernel (?<release_kernel>\d\S{0,80}))? (?:does|do) not seem to be installed|[Kk]ernel headers for (?:target kernel |kernel )?(?<other>\d\S{0,80}) (?:are|were|is|could) not (?:installed|found|be found)/,
				read: ({ groups }) => {
					const found = (groups?.release_kernel ?? groups?.other)?.replace(/[.,;:]+$/, "");
					return found === undefined ? {} : { release_kernel: [found] };
				},
			},
			{
				needles: [
					"Unable to find the kernel source",
					"locate package linux-headers",
					"find any package by",
					"locate the package",
					"kernel-devel-",
					"find the kernel",
					"find kernel",
					"header",
					"No kernel",
				],
				match:
					/[Uu]nable to (?:find|locate) (?:the )?(?:package )?(?:kernel source|kernel headers|linux-headers-(?<release_kernel>\d\S{0,80}))|[Cc]ouldn't find any package by (?:glob|regex) 'linux-headers-(?<other>\d[^']{0,80})'|[Cc]annot find (?:the )?kernel (?:headers|source)|[Kk]ernel headers? (?:directory |path )?not found|[Ll]inux kernel '?header'? files matching the current kernel|missing (?:the )?kernel headers|No match for argument: kernel-devel-(?<rpm>\d\S{0,80})|(?:[Nn]o|[Mm]issing) (?:valid )?kernel headers? (?:found|installed|for)/,
				place: building(5),
				read: ({ groups }) => {
					const found = (groups?.release_kernel ?? groups?.other ?? groups?.rpm)?.replace(/[.,;:]+$/, "");
					return found === undefined ? {} : { release_kernel: [found] };
				},
			},
			{
				needles: ["eaders found for", "eaders for kernel", "eaders for the kernel"],
				match:
					/[Nn]o (?:kernel |linux )?headers found for (?:the )?(?:current(?:ly)? |active |running |installed ){0,3}kernel:? (?<release_kernel>\d[\w.+~-]{2,80})/,
			},
			// Installers of drivers say it in words of their own: what is looked for, and that it is not there.
			{
				needles: ["ernel header", "ernel source", "ernel build", "inux kernel"],
				match: NO_HEADERS,
				place: building(5),
				read: ({ input = "" }) => ({ ...releaseIn(input), ...headersPath(input) }),
			},
			{
				needles: ["kernel headers for", "issing headers for", "headers for kernel"],
				match:
					/[Mm]issing (?<release_kernel>\d\S{0,80}) kernel headers for|[Mm]issing (?:kernel )?headers for (?:kernel )?(?<other>\d\S{0,80})/,
				read: ({ groups }) => ({ release_kernel: [groups?.release_kernel ?? groups?.other ?? ""] }),
			},
			// akmodsbuild breaks its sentence into lines of its own.
			{
				needles: ["needed for building modules against kernel"],
				match: /Files needed for building modules against kernel(?: (?<release_kernel>\d\S{0,80}))?/,
			},
			{
				needles: ["could not be found as the following"],
				match: /(?<release_kernel>\d{1,2}\.\d\S{0,80}) could not be found as the following/,
				adds: true,
			},
			// akms of Alpine: the package of headers is not in the repositories.
			{
				needles: ["is not available in the repositories"],
				match: /Package linux-[\w-]{1,40}-dev=\S{1,60} is not available in the repositories/,
				read: (_, { releases }) => (releases[0] === undefined ? {} : { release_kernel: [releases[0]] }),
			},
			// akmods: its last line names the package.
			{
				needles: ["files needed to compile modules", "evelopment files for kernel"],
				match:
					/Could not find files needed to compile modules for (?<release_kernel>\d\S{0,80})|[Dd]evelopment files for kernel (?<other>\d\S{0,80}) or the appropriate/,
				read: ({ groups }) => ({ release_kernel: [groups?.release_kernel ?? groups?.other ?? ""] }),
			},
			// dkms says it of one kernel of several, and goes on with the next: a build that failed is of another one.
			{
				needles: ["for this kernel do"],
				match: /kernel (?:headers|source) for this kernel (?:does|do) not seem to be installed/,
				place: follows(55),
			},
			// bcc, stap and their like look into the folder themselves.
			{
				needles: ["/build"],
				match:
					/(?:chdir\(|Checking '?|open(?:ing)? '?)(?<path>\/(?:usr\/)?lib\/modules\/(?<release_kernel>[^/\s']{1,100})\/build)[^\s)]{0,60}?'?\)?:? ?(?:failed with error: )?(?:No such file|failed)/,
			},
			{
				needles: ["odule build for kernel"],
				match: /[Mm]odule build for kernel (?<release_kernel>\d\S{0,80}) was skipped/,
				place: follows(55),
				adds: true,
			},
			{
				needles: ["linux-headers-", "kernel-devel-"],
				match:
					/Please install the (?:linux-headers-|kernel-devel-)(?<release_kernel>\d[^\s,;]{0,80}) package/,
				place: building(1),
			},
			{
				needles: ["/build", "/source"],
				match:
					/(?:[Tt]he )?(?:kernel )?(?:source|build|headers?)? ?(?:directory|folder|tree|path)? ?'?(?<path>\/(?:usr\/)?lib\/modules\/(?<release_kernel>[^/\s']{1,100})\/(?:build|source))\/?'? (?:does not exist|not found|is missing|is not a directory|doesn't exist|is empty)/,
			},
		],
		event: (event) => {
			if (event.kind === "no-path" && /\/modules\/[^/]{1,100}\/(?:build|source)\b/.test(event.path))
				return { details: { path: [event.path], ...release(event.path) } };
			if (
				event.kind === "no-path" &&
				event.how !== "include" &&
				/\/usr\/src\/(?:linux|kernels?)/.test(event.path)
			)
				return { details: { path: [event.path], ...release(event.path) }, place: building(2) };
			if (event.kind === "no-rule" && /\/modules\/[^/]{1,100}\/build/.test(event.target))
				return { details: { path: [event.target], ...release(event.target) } };
			return null;
		},
		confirm: (details, machine) => {
			const name = details.release_kernel?.[0];
			if (name === undefined) return { verdict: "not-checkable", evidence: [] };
			const path = `/lib/modules/${name}/build`;
			const there = machine.exists(`${path}/`);
			const evidence = [
				`${path} ${there ? "is there now" : "is not there"}`,
				`uname -r is ${machine.release}`,
			];
			const known = name === machine.release || machine.exists(`/lib/modules/${name}`);
			return { verdict: there ? "contradicted" : known ? "confirmed" : "not-checkable", evidence };
		},
	},
	{
		id: "not-a-kernel-tree",
		title: "make was pointed at a folder that is no kernel build tree",
		place: building(3),
		cause:
			"The folder that make entered[[ ({path})]] has no kernel Makefile, so the target {file|modules} means nothing there.",
		remedy:
			"Point -C (KDIR, KERNELDIR) at /lib/modules/RELEASE/build or at the top of a full kernel source tree.",
		commands: ["ls {path|/lib/modules/$(uname -r)/build}", { system: "headers" }, { way: "rebuild" }],
		causes: [
			"KDIR ends one level too high, or is empty",
			"the headers folder is an empty shell that a removed package left",
		],
		check: "ls KDIR/Makefile KDIR/scripts/Makefile.build",
		origin: "GNU make",
		confirm: noKernelMakefile,
		patterns: [
			{
				needles: ["no makefile found"],
				match: /\*\*\* No targets specified and no makefile found/,
				read: (_, { entered }) => lastEntered(entered),
			},
		],
		event: (event, scene) => {
			if (
				event.kind === "no-rule" &&
				/^(?:modules|modules_prepare|modules_install|prepare|scripts|oldconfig|defconfig|olddefconfig|kernel_modules|prepare0)$/.test(
					event.target,
				) &&
				event.neededBy === null
			)
				return { details: { ...lastEntered(scene.entered) } };
			if (
				event.kind === "no-path" &&
				event.how === "make" &&
				!/\/modules\/[^/]{1,100}\/(?:build|source)\b|\/usr\/src\/(?:linux|kernels?)/.test(event.path)
			)
				return { details: { path: [event.path] }, place: building(4), certainty: "likely" };
			return null;
		},
	},
];

/** True when dkms builds for another release than the one whose folder is missing. */
function asksRunning(release: readonly string[] | undefined, { dkms, dkmsKernel }: Scene): boolean {
	return dkms !== null && dkmsKernel !== null && release?.[0] !== undefined && release[0] !== dkmsKernel;
}

function sourceOf({ dkms }: Scene): string {
	return quoted(`/usr/src/${dkms?.name}-${dkms?.version}`);
}

function releaseIn(text: string): Details {
	const found =
		/(?:kernel|headers?|for|-k|version)[ :=-]{1,3}'?(\d{1,2}\.\d{1,3}[\w.+~-]{0,80})/i.exec(text)?.[1] ??
		/\/modules\/(\d[^/\s'")]{1,80})/.exec(text)?.[1];
	return found === undefined ? {} : { release_kernel: [found.replace(/[.,:;-]+$/, "")] };
}

function headersPath(text: string): Details {
	const found = /(\/(?:usr\/)?(?:lib\/modules|src)\/[^\s'",;:)]{1,200})/.exec(text)?.[1];
	return found === undefined ? {} : { path: [found.replace(/\.$/, "")] };
}

function release(path: string): Details {
	const found =
		/\/modules\/([^/]{1,100})\//.exec(`${path}/`)?.[1] ?? /linux-headers-([^/]{1,100})/.exec(path)?.[1];
	return found === undefined ? {} : { release_kernel: [found] };
}

function lastEntered(entered: string[]): Details {
	const path = entered.at(-1);
	return path === undefined ? {} : { path: [path] };
}
