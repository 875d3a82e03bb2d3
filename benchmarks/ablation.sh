#!/bin/sh
# What each step beyond the published model gains, on Fashion-MNIST: trains every row of docs/ablation.md on the same
# budget, judges it with `rgflow images evaluate`, and prints the table.
#
#   benchmarks/ablation.sh DATA OUT [STEPS] [COUNT] [MODEL ...]
#
# DATA holds Fashion-MNIST's four files. Runs, figures (JSON) and pictures stay in OUT; what is there already is not
# done again, so that a stopped ablation goes on where it was. With the names of models (baseline, together-cosine, ...)
# only their rows are made.
set -eu
if [ $# -lt 2 ]; then
  echo "usage: $0 DATA OUT [STEPS] [COUNT] [MODEL ...]" >&2
  exit 2
fi
data=$1 out=$2 steps=${3:-500} count=${4:-1000}
if [ $# -gt 4 ]; then
  shift 4
  models=" $* "
fi
preset=fddm-fashion-mnist
figures="dctPatchFrechet spectrumDistance classifierFrechet classifierPrecision classifierRecall"
# Patches of 4, for 49 modes need more width; no mirror images, for shoes point to one side.
budget="--width 32 --batch-size 32 --steps $steps --set diffusion.patch=4 --set network.multipliers=1,2,2
  --set network.dropout=0 --set data.flip=never --set optimizer.learningRate=1e-3 --set optimizer.warmUp=100
  --set optimizer.averageDecay=0.99 --set run.sampleEvery=0 --set run.checkpointEvery=500 --set run.seed=1"
mkdir -p "$out"
# shellcheck source=benchmarks/training-rows.sh
. "$(dirname "$0")/training-rows.sh"

together="diffusion.preconditioning=deviation diffusion.weight=velocity diffusion.maxSnr=1000"

echo "| model and sampler | DCT Fréchet | spectrum | feature Fréchet | precision | recall |"
echo "| --- | --- | --- | --- | --- | --- |"
train baseline
row baseline "published model, ancestral, 100 steps" --sampler ancestral --steps 100
row baseline "4: DPM-Solver++(2M), 25 steps (so are all below)" --sampler dpm
row baseline "4: DDIM, 25 steps" --sampler ddim
train terminal diffusion.schedule=fermi-terminal
row terminal "1: Fermi between log-SNR 13 and −7" --sampler dpm
train deviation diffusion.preconditioning=deviation
row deviation "2: preconditioned by the deviations" --sampler dpm
train min-snr diffusion.weight=min-snr
row min-snr "3: Min-SNR weight" --sampler dpm
train cosine diffusion.schedule=cosine
row cosine "6: cosine (white)" --sampler dpm
train equal-snr diffusion.schedule=equal-snr
row equal-snr "6: equal SNR" --sampler dpm
# shellcheck disable=SC2086
train together-cosine diffusion.schedule=cosine $together
row together-cosine "2 + velocity weight + cosine" --sampler dpm
# shellcheck disable=SC2086
train together-fermi diffusion.schedule=fermi-terminal $together
row together-fermi "1 + 2 + velocity weight" --sampler dpm
train together-min-snr diffusion.schedule=fermi-terminal diffusion.preconditioning=deviation diffusion.weight=min-snr
row together-min-snr "1 + 2 + 3" --sampler dpm
train velocity diffusion.weight=velocity
row velocity "3: velocity weight" --sampler dpm
train blurring diffusion.schedule=blurring
row blurring "6: blurring" --sampler dpm
train perturbation diffusion.inputPerturbation=0.1
row perturbation "5: input perturbation 0.1" --sampler dpm
train self diffusion.selfConditioning=0.5
row self "5: self-conditioning" --sampler dpm
train labels diffusion.classes=10
row labels "5: labels" --sampler dpm
# shellcheck disable=SC2086
train together-warm diffusion.schedule=fermi-terminal diffusion.temperature=2 $together
row together-warm "1 + 2 + velocity weight, T' = 2" --sampler dpm
# shellcheck disable=SC2086
train together-equal-snr diffusion.schedule=equal-snr $together
row together-equal-snr "2 + velocity weight + equal SNR" --sampler dpm
# shellcheck disable=SC2086
train together-labels diffusion.schedule=cosine diffusion.classes=10 $together
row together-labels "rgflow-fashion-mnist: 2 + velocity weight + cosine + labels" --sampler dpm
row together-labels "the same, guidance 1.5" --guidance 1.5 --sampler dpm
train patch-7 diffusion.patch=7 network.multipliers=1,2,2,2
row patch-7 "published model in patches of 7, as published" --sampler dpm
train flips data.flip=random
row flips "mirror images, as published" --sampler dpm
train dropout network.dropout=0.1
row dropout "dropout 0.1, as published" --sampler dpm
