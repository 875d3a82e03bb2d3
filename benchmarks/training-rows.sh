# Shared by ablation.sh and faces.sh: trains models on one budget, judges them with `rgflow images evaluate`, and prints
# one row of a table for each. What is there already is not done again. Needs: data, out, steps, count, preset, figures
# (names of the figures of `images evaluate --format json`), budget (options of `images train`); with models set, only
# the models named in it, between blanks, are trained and judged.

rgflow=$(dirname "$0")/../bin/rgflow

# wanted NAME: whether this model is one of those asked for
wanted() {
  case ${models:-" $1 "} in
    *" $1 "*) true ;;
    *) false ;;
  esac
}

# train NAME [SETTING ...]
train() {
  name=$1
  shift
  if ! wanted "$name"; then
    return
  fi
  settings=
  for setting in "$@"; do
    settings="$settings --set $setting"
  done
  if [ ! -e "$out/$name/checkpoints/$(printf 'step-%08d.safetensors' "$steps")" ]; then
    if ls "$out/$name"/checkpoints/step-*.safetensors >/dev/null 2>&1; then
      # the checkpoint has the settings
      "$rgflow" images train --data "$data" --out "$out/$name" --resume latest >&2
    else
      rm -rf "${out:?}/$name"
      # shellcheck disable=SC2086
      "$rgflow" images train --preset "$preset" --data "$data" --out "$out/$name" $budget $settings >&2
    fi
  fi
}

# figure FILE NAME: value of a figure
figure() {
  sed -n "/\"$2\": {/,/}/s/.*\"value\": \([-0-9.E]*\).*/\1/p" "$1"
}

# row MODEL TITLE [OPTION ...]: judges a model that is drawn from with these options, and prints its row
row() {
  model=$1 title=$2
  shift 2
  if ! wanted "$model"; then
    return
  fi
  file=$out/$model$(printf %s "$*" | tr -c 'a-z0-9.\n' -).json
  if [ ! -e "$file" ]; then
    "$rgflow" images evaluate --model "$out/$model" --data "$data" --count "$count" --seed 1 --format json "$@" \
      >"$file.new"
    mv "$file.new" "$file"
    "$rgflow" images sample --model "$out/$model" --count 16 --seed 1 --out "${file%.json}.png" "$@" >&2
  fi
  line=
  for name in $figures; do
    line="$line $(figure "$file" "$name" | awk '{ printf $1 < 10 ? "%.3f" : "%.1f", $1 }') |"
  done
  echo "| $title |$line"
}
