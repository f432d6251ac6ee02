# Writes what kprep needs to know of the running kernel to stdout, as a tar archive with one folder, kprep-facts, that
# stands for "/" (`kprep target --sysroot kprep-facts`). POSIX sh; needs tar and nothing else; writes only below TMPDIR.
# With the word `identity`, one line instead, equal on machines with the same kernel; that writes nothing at all.
set -u
release=${KPREP_RELEASE:-$(uname -r)}
root=${KPREP_ROOT:-}
if [ "${1:-}" = identity ]; then
	sum=$(
		{
			# Of the modules folder, what came with the kernel: depmod's files change with every driver that is added.
			cat "$root/proc/version" "$root/sys/kernel/security/lockdown" \
				"$root/sys/module/module/parameters/sig_enforce" "$root/lib/modules/$release/modules.order" \
				"$root/lib/modules/$release/modules.builtin" 2>/dev/null
			# Of the command line, what the loader heeds: the rest names disks.
			tr ' ' '\n' <"$root/proc/cmdline" 2>/dev/null | grep -E '^(module[._]|lockdown=|"module[._])'
		} | cksum | cut -d' ' -f1
	)
	echo "kprep-kernel $release $(uname -m) $sum"
	exit
fi
scratch=$(mktemp -d 2>/dev/null || { d=${TMPDIR:-/tmp}/kprep-$$; mkdir -m 700 "$d" && echo "$d"; }) || exit 1
trap 'rm -rf "$scratch"' EXIT INT TERM
facts=$scratch/kprep-facts
mkdir "$facts"

# Links, which tar -h follows: nothing is copied.
put() { # PATH...
	for path; do
		[ -r "$root$path" ] || continue
		mkdir -p "$facts${path%/*}"
		ln -s "$(cd "$root${path%/*}" && pwd)/${path##*/}" "$facts$path" 2>/dev/null
	done
}
# Files of /proc and /sys say that they are empty: their content is copied.
copy() { # FROM TO
	[ -r "$root$1" ] || return 1
	mkdir -p "$facts${2%/*}"
	cat "$root$1" >"$facts$2" 2>/dev/null
}

put /etc/os-release /usr/lib/os-release
copy /proc/version /proc/version
copy /proc/cmdline /proc/cmdline
copy /sys/kernel/security/lockdown /sys/kernel/security/lockdown
copy /sys/module/module/parameters/sig_enforce /sys/module/module/parameters/sig_enforce
for name in vmlinuz vmlinux bzImage zImage Image Image.gz kernel config symvers Module.symvers; do
	for end in '' .gz .xz .zst; do put "/boot/$name-$release$end"; done
done
[ -e "$facts/boot/config-$release" ] || copy /proc/config.gz "/boot/config-$release.gz"

modules=
for top in /lib/modules /usr/lib/modules; do
	[ -z "$modules" ] && [ -d "$root$top/$release" ] && modules=$top/$release
done
if [ -n "$modules" ]; then
	for name in kernel updates extra vmlinuz config symvers.gz symvers.xz symvers.zst Module.symvers; do put "$modules/$name"; done
	for path in "$root$modules"/modules.* "$root$modules"/*.ko; do [ -f "$path" ] && put "${path#"$root"}"; done
fi
build=
for path in "$modules/build" "/usr/src/linux-headers-$release" "/usr/src/kernels/$release"; do
	[ -z "$build" ] && [ -n "$path" ] && [ -f "$root$path/.config" ] && build=$path
done
if [ -n "$build" ]; then
	for name in .config .kernelvariables Makefile Module.symvers include/config/kernel.release include/generated/utsrelease.h \
		include/generated/uapi/linux/version.h scripts/basic/randstruct.seed; do
		if [ -r "$root$build/$name" ]; then
			mkdir -p "$facts/usr/src/linux-headers-$release/$(dirname "$name")"
			cat "$root$build/$name" >"$facts/usr/src/linux-headers-$release/$name"
		fi
	done
fi
tar -chf - -C "$scratch" kprep-facts
