import type { shells } from './values.js';

/** What a shell has to read once; it then asks `cfg completion --candidates` at every tab. */
export const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: String.raw`# cfg completion for bash: source <(cfg completion bash)
_cfg() {
  local line=${'$'}{COMP_LINE:0:COMP_POINT} words current prefix reply
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  current=${'$'}{words[${'$'}{#words[@]}-1]}
  # Readline cuts words at : and =, so what stands before them must not be repeated.
  prefix=
  [[ $current == *[:=]* ]] && prefix=${'$'}{current%"${'$'}{current##*[:=]}"}
  COMPREPLY=()
  while IFS=$'\t' read -r reply _; do
    COMPREPLY+=("${'$'}{reply#"$prefix"}")
  done < <(cfg completion --candidates bash -- "${'$'}{words[@]:1}" 2>/dev/null)
  [[ ${'$'}{#COMPREPLY[@]} -eq 1 && ${'$'}{COMPREPLY[0]} == *[/#] ]] && compopt -o nospace
}
complete -F _cfg cfg
`,
  zsh: String.raw`#compdef cfg
# cfg completion for zsh: source <(cfg completion zsh), or a file _cfg in a folder of $fpath
_cfg() {
  local -a lines values shown
  lines=("${'$'}{(@f)$(cfg completion --candidates zsh -- "${'$'}{(@Q)words[@]:1:$((CURRENT - 2))}" "${'$'}{(Q)PREFIX}" 2>/dev/null)}")
  local line
  for line in $lines; do
    values+=("${'$'}{line%%$'\t'*}")
    shown+=("${'$'}{line/$'\t'/  -- }")
  done
  local -a folders=(${'$'}{(M)values:#*[/#]})
  (( ${'$'}#values )) || return 1
  if (( ${'$'}#folders == ${'$'}#values )); then
    compadd -Q -S '' -- $values
  else
    compadd -l -d shown -- $values
  fi
}
if [ "$funcstack[1]" = _cfg ]; then _cfg; else compdef _cfg cfg; fi
`,
  fish: String.raw`# cfg completion for fish: cfg completion fish | source
function __cfg_candidates
    set -l current (commandline -ct)
    set -l words (commandline -opc) (string unescape -- $current; or echo -- $current)
    cfg completion --candidates fish -- $words[2..-1] 2>/dev/null
end
complete -c cfg -f -a '(__cfg_candidates)'
`,
  powershell: String.raw`# cfg completion for PowerShell: cfg completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName cfg -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    if ($wordToComplete -eq '') { $words += '""' }
    cfg completion --candidates powershell -- @words 2>$null | ForEach-Object {
        $value, $about = $_ -split "${'`'}t", 2
        if (-not $about) { $about = $value }
        [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $about)
    }
}
`,
};
