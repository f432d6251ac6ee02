/**
 * kconfig's conf: completes .config by Kconfig. oldconfig asks on stdin for each new symbol and fails at its end;
 * silentoldconfig and syncconfig ask too, which without a terminal is an error; olddefconfig asks nothing. The last two
 * but olddefconfig split the result (include/config/**, auto.conf, autoconf.h).
 */
export const CONF = `mode=$1
test -f .config || { echo "*** no .config" >&2; exit 1; }
sh "$srctree/scripts/hook" config || exit 1
cp .config .config.old
edit() { sed "$1" .config > .tmpconfig.$$ && mv .tmpconfig.$$ .config; }
test -n "$KBUILD_CC_TEXT" && edit "s|^CONFIG_CC_VERSION_TEXT=.*|CONFIG_CC_VERSION_TEXT=\\"$KBUILD_CC_TEXT\\"|"
while read -r verb symbol value <&3; do
	case $verb in
	drop) edit "/CONFIG_$symbol[= ]/d" ;;
	new)
		grep -q "CONFIG_$symbol[= ]" .config && continue
		case $mode in
		oldconfig)
			printf '%s (%s) [Y/n/?] (NEW) ' "$symbol" "$symbol"
			read -r answer || { echo; echo "aborted: stdin is at its end" >&2; exit 1; } ;;
		silentoldconfig | syncconfig)
			echo "Console input/output is redirected. Run 'make oldconfig' to update configuration." >&2
			exit 1 ;;
		esac
		echo "CONFIG_$symbol=$value" >> .config ;;
	esac
done 3< "$srctree/Kconfig"
cmp -s .config .config.old || echo "# configuration written to .config"
case $mode in silentoldconfig | syncconfig) ;; *) exit 0 ;; esac
mkdir -p include/config $(dirname $AUTOCONF)
sed -n 's/^CONFIG_\\([A-Za-z0-9_]*\\)=y$/#define CONFIG_\\1 1/p' .config > $AUTOCONF
test -n "$SPLITS_LATER" && exit 0
grep '^CONFIG_' .config > include/config/auto.conf
grep '^CONFIG_SMP=' .config > include/config/SMP
sh "$srctree/scripts/hook" split
`;

/** 2.6.35 to 6.2: prints what is added to the base. */
export const SETLOCALVERSION = `#!/bin/sh
srctree=\${1:-.}
scm_version() {
	cd "$srctree" || return
	if test -e .scmversion; then cat .scmversion; return; fi
	test -z "$(git rev-parse --show-cdup 2>/dev/null)" || return
	head=$(git rev-parse --verify HEAD 2>/dev/null) || return
	if [ -z "$(git describe --exact-match 2>/dev/null)" ]; then
		if [ "$1" = --short ]; then echo +; return; fi
		printf '%s%.12s' -g "$head"
	fi
	git --no-optional-locks status -uno --porcelain | grep -q . && printf %s -dirty
}
collect_files() {
	res=
	for file; do case "$file" in *~*) continue ;; esac; test -e "$file" && res="$res$(cat "$file")"; done
	echo "$res"
}
test -e include/config/auto.conf || { echo "Error: kernelrelease not valid - run 'make prepare' to update it" >&2; exit 1; }
. ./include/config/auto.conf
res=$(collect_files localversion*)
test "$srctree" -ef . || res="$res$(collect_files "$srctree"/localversion*)"
res="$res$CONFIG_LOCALVERSION$LOCALVERSION"
if test "$CONFIG_LOCALVERSION_AUTO" = y; then
	res="$res$(scm_version)"
elif test "\${LOCALVERSION+set}" != "set"; then
	scm=$(scm_version --short)
	res="$res\${scm:++}"
fi
echo "$res"
`;

/** 6.3 and later: prints the whole release, and "tagged" means v$KERNELVERSION. */
export const SETLOCALVERSION_63 = `#!/bin/sh
srctree=\${1:-.}
scm_version() {
	cd "$srctree" || return
	test -z "$(git rev-parse --show-cdup 2>/dev/null)" || return
	head=$(git rev-parse --verify HEAD 2>/dev/null) || return
	tag=v$(echo "$KERNELVERSION" | sed -E 's/^([0-9]+\\.[0-9]+)\\.0(.*)$/\\1\\2/')
	if [ "$(git describe --match="$tag" 2>/dev/null)" != "$tag" ]; then
		if [ "$1" = --short ]; then echo +; return; fi
		printf '%s%.12s' -g "$head"
	fi
	git --no-optional-locks status -uno --porcelain | grep -q . && printf %s -dirty
}
collect_files() {
	res=
	for file; do case "$file" in *~*) continue ;; esac; test -e "$file" && res="$res$(cat "$file")"; done
	echo "$res"
}
test -n "$KERNELVERSION" || { echo "KERNELVERSION is not set" >&2; exit 1; }
files=$(collect_files localversion*)
test "$srctree" -ef . || files="$files$(collect_files "$srctree"/localversion*)"
test -e include/config/auto.conf || { echo "Error: kernelrelease not valid - run 'make prepare' to update it" >&2; exit 1; }
config=$(sed -n 's/^CONFIG_LOCALVERSION="\\(.*\\)"$/\\1/p' include/config/auto.conf)
scm=
if grep -q '^CONFIG_LOCALVERSION_AUTO=y$' include/config/auto.conf; then
	scm=$(scm_version)
elif [ "\${LOCALVERSION+set}" != "set" ]; then
	scm=$(scm_version --short)
fi
echo "$KERNELVERSION$files$config$LOCALVERSION$scm"
`;
