import { shellLink } from "./link-script.ts";
import type { PackageNames } from "./names.ts";

/**
 * The spec file of the package for rpmbuild, which finds the files in `buildroot`. Its times and host are fixed, so that
 * the same files give the same package (rpm 4.14 and later: SOURCE_DATE_EPOCH).
 */
export function rpmSpec(
	names: PackageNames,
	files: string,
	{ compiler, libraries }: { compiler: string[]; libraries: string[] },
): string {
	const { make, remove } = shellLink(names);
	// rpm allows no "-" in a version.
	const version = names.version.replaceAll("-", ".");
	// What rpm itself would write for them (AutoReqProv would ask for every interpreter in scripts/ too).
	const needs = libraries.map((library) => `Requires: ${library}\n`).join("");
	// As Fedora's kernel-devel says it; a release such as 6.1.0-57-amd64 is no version to rpm, which takes one "-" at most.
	const uname = /^[\w.+~^]+(?:-[\w.+~^]+)?$/.test(names.release)
		? `Provides: kernel-devel-uname-r = ${names.release}\n`
		: "";
	return `%global _buildhost localhost
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _build_id_links none
%global debug_package %{nil}
%global __os_install_post %{nil}
%global _binary_payload w2.xzdio
Name: ${names.package}
Version: ${version}
Release: 1
Summary: Headers to build modules for the Linux kernel ${names.release}
License: GPL-2.0-only
URL: https://www.kernel.org/
Group: Development/System
AutoReqProv: no
Requires: make
${needs}${compiler.map((name) => `Recommends: ${name}\n`).join("")}${uname}Provides: kprep-headers(${names.release}) = ${version}

%description
Made by kprep from a source tree that was made ready for this kernel and
verified against it. Where nothing else is there, /lib/modules/${names.release}/build
leads to it, for plain make, DKMS and akmods.

%post
${make}

%preun
if [ "$1" = 0 ]; then
${remove}
fi

%files
%defattr(-,root,root)
${files}
`;
}
