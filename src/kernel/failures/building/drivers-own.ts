import { quoted } from "../../shell-word.ts";
import type { Entry } from "../entry.ts";
import { building } from "../place.ts";
import type { Scene } from "../reading/scene.ts";

/** What a driver's own packaging says before or after make: the kernels it is for, hooks, packages it is built with, its own tools. */
export const driversOwnEntries: Entry[] = [
	{
		id: "kernel-beyond-driver",
		title: "The driver says itself that it is not for a kernel as new",
		place: building(1),
		cause:
			"{driver|This version of the driver} supports kernels up to {fact|an older one}, and the one that it is built for[[, {release_kernel},]] is newer. Nothing is wrong with headers or compiler.",
		remedy:
			"Take a release of the driver that names this kernel (backports, the vendor's newer package), or boot a kernel that it knows and keep that one; then let the package manager finish.",
		commands: [
			{ way: "update-driver" },
			({ driver }, { scene }) => {
				const name = driver?.[0]?.split("/")[0] ?? scene.dkms?.name;
				return name === undefined
					? ["ls /lib/modules # an older kernel that is still installed"]
					: [
							`apt policy ${quoted(`${name}-dkms`)} 2>/dev/null || dnf list ${quoted(`*${name}*`)} # a newer one, backports too`,
							"ls /lib/modules # an older kernel that is still installed: choose it in the boot menu",
						];
			},
			"sudo dpkg --configure -a # Debian, Ubuntu: afterwards",
		],
		check: "the driver's own list of kernels (META of OpenZFS, release notes)",
		origin: "configure of OpenZFS (config/kernel.m4) and others; dkms's apport hook",
		patterns: [
			{
				needles: ["annot build against kernel"],
				match: /\*\*\* Cannot build against kernel version (?<release_kernel>\d[\w.+~-]{0,80}?)\.?(?:\s|$)/,
			},
			{
				needles: ["aximum supported kernel"],
				match: /[Mm]aximum supported kernel(?: version)? is:? (?<fact>\d[\w.]{0,20}\d)/,
			},
			{
				needles: ["ompatible Kernels: "],
				match: /Compatible Kernels: (?<lowest>\d[\w.]{0,20}) ?- ?(?<fact>\d+\.\d[\w.]{0,20})/,
				read: ({ groups }, scene) =>
					newerThan(scene, groups?.fact ?? "") ? { fact: [groups?.fact ?? ""] } : null,
			},
			{
				needles: ["is not supported"],
				match: /kernel package linux-headers-(?<release_kernel>\d[\w.+~-]{0,80}) is not supported/,
				place: building(49),
				certainty: "likely",
			},
		],
		explains: ["configure-probe-failed", "log-is-elsewhere"],
	},
	{
		id: "dkms-hook-failed",
		title: "The module was built; a script of the driver that dkms runs failed",
		place: building(37),
		cause:
			"dkms ran the {fact|pre_build or post_build} script that the driver's dkms.conf names, and it ended with an error[[ ({errno})]]. The lines above it are the script's own.",
		remedy:
			"Read the script's own lines; run it by hand in the driver's source folder. When it copies into a folder of dkms that is not there, driver and dkms are of different versions: take the newer of the driver's package, or the dkms before.",
		commands: [
			({ driver }, { scene }) => {
				const [name, version] = driver?.[0]?.split("/") ?? [scene.dkms?.name, scene.dkms?.version];
				return name === undefined || version === undefined
					? ["dkms --version; dkms status"]
					: [
							"dkms --version; dkms status",
							`grep -nE 'PRE_|POST_' ${quoted(`/usr/src/${name}-${version}/dkms.conf`)}`,
						];
			},
			{ way: "rebuild" },
		],
		check: "PRE_BUILD, POST_BUILD, PRE_INSTALL... of dkms.conf; dkms --version",
		origin: "dkms (run_build_script), 2.x and 3.x",
		patterns: [
			{
				needles: ["script...(bad exit status", "script... (bad exit status"],
				match:
					/Running the (?<fact>(?:pre|post)_\w{3,20}) script\.\.\. ?\(bad exit status: (?<errno>\d{1,3})\)/,
			},
			{
				needles: ["_build script", "_install script", "_remove script", "_add script"],
				match:
					/(?:[Ee]rror[:!]? .{0,60})?(?<fact>(?:pre|post)_(?:build|install|remove|add)) script (?:returned|failed|exited)\b.{0,60}?(?<errno>\d{1,3})?$/,
			},
			{
				needles: ["_BUILD", "_INSTALL", "_REMOVE"],
				match:
					/(?<fact>(?:PRE|POST)_(?:BUILD|INSTALL|REMOVE)) (?:script|directive|file) .{0,120}(?:not found|does not exist|not executable|failed)/,
			},
		],
		explains: ["log-is-elsewhere"],
	},
	{
		id: "build-packages-missing",
		title: "The package's own list of what it is built with is not met",
		place: building(17),
		cause:
			"The package build stops before it compiles: {tool|some packages} that it is built with are not installed.",
		remedy: "Install them, and start the package build again.",
		commands: [
			({ tool }) => {
				const names =
					tool?.flatMap((text) => text.split(/[ ,]+/)).map((name) => name.replace(/:native$/, "")) ?? [];
				const plain = [...new Set(names.filter((name) => /^[a-z0-9][\w.+-]*$/.test(name)))];
				return plain.length === 0
					? []
					: [`sudo apt install ${plain.slice(0, 20).join(" ")} # dnf, pacman: by their names for these`];
			},
			"sudo apt-get build-dep . # Debian: all that debian/control lists; Fedora: sudo dnf builddep FILE.spec",
		],
		check: "the list that the message gives",
		origin: "dpkg-checkbuilddeps, rpmbuild, makepkg",
		patterns: [
			{
				needles: ["nmet build dependencies"],
				match: /[Uu]nmet build dependencies: (?<tool>[^()|]{1,400}?)(?: \(.{0,400}| \|.{0,400})?$/,
			},
			{
				needles: ["issing build dependencies", "ailed build dependencies"],
				match: /Failed build dependencies:|Missing build dependencies: (?<tool>.{1,300})/,
				certainty: "likely",
			},
			{
				needles: ["issing dependencies", "ould not resolve all dependencies"],
				match: /==> (?:ERROR: Could not resolve all dependencies|Missing dependencies:)/,
				certainty: "likely",
			},
		],
	},
	{
		id: "kpatch-refused",
		title: "kpatch cannot make a live patch of this change",
		place: building(44),
		cause:
			"kpatch-build compared the kernel's objects before and after the patch and found what it cannot handle[[ in {file}]]: a change that live patching does not allow, or a kernel newer than this kpatch knows.",
		remedy:
			"Take a kpatch of the kernel's time or newer; build with the very configuration and compiler of the running kernel and its debug symbols; leave out changes of data, init code and files of the build itself (version.o, init/).",
		commands: [
			"kpatch-build --version; uname -r",
			"tail -50 ~/.kpatch/build.log",
			"git -C kpatch pull && make -C kpatch && sudo make -C kpatch install",
		],
		check: "kpatch's list of limitations; its version against the kernel's",
		origin: "kpatch: kpatch-build, create-diff-object.c, lookup.c",
		patterns: [
			{
				needles: ["create-diff-object: "],
				match:
					/create-diff-object: (?:ERROR|error|unreconcilable).{0,20}?(?:: (?<file>[\w./-]{1,120}\.o))?(?::|$| )/,
			},
			{
				needles: ["unreconcilable difference"],
				match: /(?:(?<file>[\w./-]{1,120}\.o): )?\d{0,4} ?unreconcilable difference/,
			},
			{ needles: ["fentry/mcount call"], match: /has no fentry\/mcount call, unable to patch/ },
			{
				needles: ["invalid ancestor"],
				match: /ERROR: invalid ancestor (?<file>\S{1,200}) for \S{1,200}/,
			},
			{
				needles: ["kpatch_check_relocations"],
				match: /kpatch_check_relocations: .{0,200}out-of-range relocation/,
			},
		],
		explains: ["log-is-elsewhere"],
	},
];

/** True when a release that the log builds for is newer than `limit` (V.P). */
function newerThan({ releases, dkmsKernel }: Scene, limit: string): boolean {
	const numbers = (text: string) => text.split(/[.+-]/).slice(0, 2).map(Number);
	const [major = 0, minor = 0] = numbers(limit);
	return [...(dkmsKernel === null ? [] : [dkmsKernel]), ...releases].some((release) => {
		const [theirs = 0, next = 0] = numbers(release);
		return theirs > major || (theirs === major && next > minor);
	});
}
