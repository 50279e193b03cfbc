// Labelled pictures of any kind as the fit sees them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "datasets/fer2013.hpp"

namespace pyro::training {

// A data set and what its pictures weigh in the loss, beside others'.
struct Source {
  std::filesystem::path where;
  float weight = 1;
};

// Each "PATH" or "PATH=WEIGHT". Errors (wrong_use): a weight that is no number above 0.
Result<std::vector<Source>> parse_sources(const std::vector<std::string>& texts);

// The distinct pictures of each source. A folder with fer2013-train.csv is FER2013's training part with its
// votes; all else is what datasets::read_dataset reads, at least two classes: the parts that are called test
// are left out, those called val are held out, and a label stands for the votes as well. Errors (bad_input):
// those of the readers.
Result<std::vector<Sample>> read_samples(const std::vector<Source>& sources);

}  // namespace pyro::training
