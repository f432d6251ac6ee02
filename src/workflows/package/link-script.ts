import type { PackageNames } from "./names.ts";

/** Lines of shell that make /lib/modules/R/build lead to the package where nothing is there, and that take it away again. */
export function shellLink({ release, folder }: PackageNames): { make: string; remove: string } {
	const link = `/lib/modules/${release}/build`;
	return {
		make: `    link='${link}'
    if [ ! -e "$link" ] && [ ! -L "$link" ]; then
        mkdir -p '/lib/modules/${release}'
        ln -s '/${folder}' "$link"
    elif [ "$(readlink "$link")" != '/${folder}' ]; then
        echo "$link is there and stays: build with make -C /${folder}" >&2
    fi`,
		remove: `    link='${link}'
    if [ "$(readlink "$link")" = '/${folder}' ]; then
        rm -f "$link"
        rmdir '/lib/modules/${release}' 2>/dev/null || :
    fi`,
	};
}
