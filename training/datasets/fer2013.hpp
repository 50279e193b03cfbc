// FER2013 (Goodfellow et al. 2013) with the FER+ votes (Barsoum et al. 2016), and the split that training
// uses.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"

namespace pyro::training {

inline constexpr int kClasses = 7;
inline constexpr std::array<const char*, kClasses> kClassNames = {"angry", "disgust",  "fear",   "happy",
                                                                  "sad",   "surprise", "neutral"};
using Distribution = std::array<float, kClasses>;

// FER+ in its own column order: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt,
// unknown, NF.
using Votes = std::array<int, 10>;

struct Picture {
  crop::GreyFace face;
  int label = 0;
  std::optional<Votes> votes;  // none: FER+ has no row for it
};

enum class Part { training, public_test };

// Reads fer2013-{train,public}-{images-idx3,labels-idx1}-ubyte.gz and fer2013-{train,public}.csv in `dir`.
// Errors (bad_input): missing or broken file, other sizes than 48×48, labels outside 0..6, CSV and IDX
// disagreeing.
Result<std::vector<Picture>> read_fer2013(const std::filesystem::path& dir, Part part);

// The rows of the CSV: label and votes, row i for picture i. `name` is only for messages.
struct CsvRow {
  int label = 0;
  std::optional<Votes> votes;
};
Result<std::vector<CsvRow>> parse_fer2013_csv(const std::string& text, const std::string& name);

// The seven classes' share of the votes; contempt, unknown and not-a-face are left out and the rest
// renormalised to sum 1. Nothing when no vote went to the seven.
std::optional<Distribution> vote_distribution(const Votes& votes);

// The class with most votes among the seven; nothing without votes or with a tie, where no answer is right.
std::optional<int> vote_majority(const Votes& votes);

// One picture as the fit sees it; identical pictures are one sample.
struct Sample {
  crop::GreyFace face;
  Distribution labels{};     // FER2013's own labels: one-hot, or their mean where identical pictures differ
  std::optional<int> label;  // nothing when identical pictures carry different labels
  std::optional<Distribution> votes;  // towards which the product head is trained
  std::optional<int> majority;
};

// Identical pictures merged: labels averaged, votes added. Order of first appearance.
std::vector<Sample> merge_twins(const std::vector<Picture>& pictures);

// Which of `pictures` are pixel for pixel in `others`.
std::vector<bool> twins_of(const std::vector<Picture>& pictures, const std::vector<Picture>& others);

struct Split {
  std::vector<Sample> fit;
  std::vector<Sample> hold_out;
};
// `fraction` of the samples, drawn by `seed`, are held out. Samples with conflicting labels always go to the
// fit side: they cannot be judged.
Split split(std::vector<Sample> samples, double fraction, std::uint64_t seed);

}  // namespace pyro::training
