#!/usr/bin/env node
// Writes build/kprep_VERSION_all.deb, which runs with the machine's nodejs; with --with-node one for this
// architecture that brings a node of its own, for distributions whose own is too old.
import { execFileSync } from "node:child_process";
import {
	chmodSync,
	copyFileSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { portableNode } from "./runtime.js";
import { pjson, stage, top } from "./stage.js";

const withNode = process.argv.includes("--with-node");
const output =
	process.argv.find((word) => word.startsWith("--output="))?.slice("--output=".length) ?? join(top, "build");

const root = mkdtempSync(join(tmpdir(), "kprep-deb-"));
const npm = mkdtempSync(join(tmpdir(), "kprep-deb-npm-"));
try {
	fill(root);
	const architecture = withNode ? say("dpkg", "--print-architecture") : "all";
	mkdirSync(join(root, "DEBIAN"));
	writeFileSync(join(root, "DEBIAN/control"), control(architecture, sizeOf(root)));
	mkdirSync(output, { recursive: true });
	const file = join(output, `kprep_${pjson.version}_${architecture}.deb`);
	execFileSync("dpkg-deb", ["--build", "--root-owner-group", root, file], {
		stdio: ["ignore", "ignore", "inherit"],
	});
	console.log(file);
} finally {
	for (const folder of [root, npm]) rmSync(folder, { recursive: true, force: true });
}

function fill(folder) {
	const app = join(folder, "usr/lib/kprep");
	stage(app);
	if (withNode) {
		copyFileSync(portableNode(npm), join(app, "node"));
		chmodSync(join(app, "node"), 0o755);
		put(
			folder,
			"usr/bin/kprep",
			'#!/bin/sh\nexec /usr/lib/kprep/node /usr/lib/kprep/bin/run.js "$@"\n',
			0o755,
		);
	} else {
		chmodSync(join(app, "bin/run.js"), 0o755);
		mkdirSync(join(folder, "usr/bin"), { recursive: true });
		symlinkSync("../lib/kprep/bin/run.js", join(folder, "usr/bin/kprep"));
	}
	const shell = (name) => readFileSync(join(top, "dist/completions", name));
	put(folder, "usr/share/bash-completion/completions/kprep", shell("kprep.bash"));
	put(folder, "usr/share/zsh/vendor-completions/_kprep", shell("kprep.zsh"));
	put(folder, "usr/share/fish/vendor_completions.d/kprep.fish", shell("kprep.fish"));
	put(
		folder,
		"usr/share/man/man1/kprep.1.gz",
		gzipSync(readFileSync(join(top, "dist/kprep.1")), { level: 9 }),
	);
	const changes = gzipSync(readFileSync(join(top, "CHANGELOG.md")), { level: 9 });
	put(folder, "usr/share/doc/kprep/changelog.gz", changes);
	put(folder, "usr/share/doc/kprep/copyright", readFileSync(join(top, "LICENSE")));
}

function put(folder, path, content, mode = 0o644) {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), content, { mode });
}

function control(architecture, kibibytes) {
	const needed = withNode ? "libc6 (>= 2.28), libstdc++6, libgcc-s1" : "nodejs (>= 20.19)";
	return `Package: kprep
Version: ${pjson.version}
Section: kernel
Priority: optional
Architecture: ${architecture}
Depends: ${needed}
Recommends: make, gcc, flex, bison, bc, libelf-dev, xz-utils
Suggests: qemu-system-x86
Installed-Size: ${kibibytes}
Maintainer: The authors of kprep <kprep@localhost>
Description: makes kernel source trees ready for building modules
 ${pjson.description}.
`;
}

function sizeOf(folder) {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0)
		.reduce((sum, size) => sum + Math.ceil(size / 1024), 0);
}

function say(...command) {
	return execFileSync(command[0], command.slice(1), { encoding: "utf8" }).trim();
}
