import { apk } from "./apk.ts";
import { aptSource } from "./apt-source.ts";
import { dnf } from "./dnf.ts";
import type { PackageSource } from "./package-source.ts";
import { pacman } from "./pacman.ts";
import { zypper } from "./zypper.ts";

/** Every package system that kprep can ask for kernel trees. */
export const PACKAGE_SOURCES: readonly PackageSource[] = [aptSource, dnf, zypper, pacman, apk];
