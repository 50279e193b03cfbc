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
#include "pyro/datasets/fer_votes.hpp"

namespace pyro::training {

inline constexpr int kClasses = 7;
inline constexpr std::array<const char*, kClasses> kClassNames = {"angry", "disgust",  "fear",   "happy",
                                                                  "sad",   "surprise", "neutral"};
using datasets::Distribution;
using datasets::vote_distribution;
using datasets::vote_majority;
using datasets::Votes;

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

// What a teacher network says of a picture.
struct Taught {
  Distribution product{};
  Distribution fer2013{};
};

// One picture as the fit sees it; identical pictures are one sample.
struct Sample {
  crop::GreyFace face;
  Distribution labels{};     // FER2013's own labels: one-hot, or their mean where identical pictures differ
  std::optional<int> label;  // nothing when identical pictures carry different labels
  std::optional<Distribution> votes;  // towards which the product head is trained
  std::optional<int> majority;
  std::optional<Taught> teacher;
  float weight = 1;         // in the loss
  std::string person = {};  // empty: not known
  bool validation = false;  // its data set says that it is to choose on
};

// Identical pictures merged: labels averaged, votes added. Order of first appearance.
std::vector<Sample> merge_twins(const std::vector<Picture>& pictures);

// Which of `pictures` are pixel for pixel in `others`.
std::vector<bool> twins_of(const std::vector<Picture>& pictures, const std::vector<Picture>& others);

struct Split {
  std::vector<Sample> fit;
  std::vector<Sample> hold_out;
};
// `fraction` of the samples, drawn by `seed`, are held out; where persons are known, whole persons, and where
// samples are marked as validation, exactly those. Samples with conflicting labels always go to the fit side:
// they cannot be judged.
Split split(std::vector<Sample> samples, double fraction, std::uint64_t seed);

}  // namespace pyro::training
