# Complete a line in an interactive zsh, and print each candidate on a line: complete.zsh SETUP LINE
# SETUP is evaluated first; completion itself is on by then.
zmodload zsh/zpty || exit 2
local folder=$(mktemp -d)
{
  print -r -- "PROMPT=; RPROMPT=; unsetopt beep
autoload -Uz compinit; compinit -u -D
$1
compadd () {
  # the forms that only ask are passed through
  if (( \${@[(I)-[OAD]*]} )); then builtin compadd \"\$@\"; return; fi
  local -a hits; builtin compadd -O hits \"\$@\"; print -rl -- \$hits >> $folder/candidates
  builtin compadd \"\$@\"
}
bindkey '^I' complete-word
ended () { : > $folder/ended }
comppostfuncs=( ended )
: > $folder/ready" > $folder/setup
  zpty -b shell "zsh -f -i 2>$folder/errors"
  zpty -w shell "source $folder/setup"
  local tries output
  for (( tries = 0; tries < 1000; tries++ )); do [[ -e $folder/ready ]] && break; zpty -r -t shell output; sleep 0.01; done
  zpty -w -n shell "$2"$'\t'
  for (( tries = 0; tries < 1000; tries++ )); do [[ -e $folder/ended ]] && break; zpty -r -t shell output; sleep 0.01; done
  zpty -d shell
  [[ -e $folder/ended ]] || { print -u2 'no completion took place'; cat $folder/errors >&2; exit 1 }
  [[ -e $folder/candidates ]] && sort -u $folder/candidates
  exit 0
} always {
  rm -rf $folder
}
