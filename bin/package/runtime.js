// The node that goes into a package for machines without Node.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const { NODE_PACKAGE } = createRequire(import.meta.url)("../node.cjs");

/** What every installation of Debian has, apt itself included. */
const EVERYWHERE = /^(ld-linux|linux-vdso|lib(c|dl|gcc_s|m|pthread|rt|stdc\+\+)\.so)/;

/** What a node that can become a single executable carries; one that is linked to libnode.so has it elsewhere. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Path of a node that runs anywhere: this machine's own when it is such a one, else that of the npm package. */
export function portableNode(folder) {
	if (isPortable(process.execPath)) return process.execPath;
	npmInstall(folder, NODE_PACKAGE);
	return join(folder, "node_modules", `node-linux-${process.arch}`, "bin/node");
}

/** Puts the file `blob` into the executable `file` (a copy of a portable node) as the resource that node looks for. */
export function inject(file, blob, folder) {
	npmInstall(folder, "postject@1.0.0-alpha.6");
	const postject = join(folder, "node_modules/postject/dist/cli.js");
	// Its many warnings about names of ELF sections mean nothing; when it fails, the error has them.
	execFileSync(process.execPath, [postject, file, "NODE_SEA_BLOB", blob, "--sentinel-fuse", FUSE], {
		stdio: "pipe",
	});
}

function isPortable(node) {
	const libraries = execFileSync("ldd", [node], { encoding: "utf8" }).trim().split("\n");
	const names = libraries.map(
		(line) =>
			line
				.trim()
				.split(/[\s/]+/)
				.find((word) => word.includes(".so")) ?? "",
	);
	return readFileSync(node).includes(FUSE) && names.every((name) => EVERYWHERE.test(name));
}

function npmInstall(folder, name) {
	execFileSync("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", name], {
		stdio: ["ignore", "ignore", "inherit"],
	});
}
