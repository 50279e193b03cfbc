// The ten annotators' votes of FER+ (Barsoum et al. 2016), as they stand beside FER2013's pictures.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/datasets/predictions.hpp"

namespace pyro::datasets {

using Distribution = std::array<float, records::kClasses>;

// FER+ in its own column order: neutral, happiness, surprise, sadness, anger, disgust, fear, contempt,
// unknown, NF.
using Votes = std::array<int, 10>;

// The rows of the CSV: label and votes, row i for picture i. `name` is only for messages. Errors (bad_input)
// name the line: another number of columns, a label outside 0..6, a vote that is no count.
struct FerRow {
  int label = 0;
  std::optional<Votes> votes;  // none: FER+ has no row for it
};
[[nodiscard]] Result<std::vector<FerRow>> parse_fer2013_csv(const std::string& text, const std::string& name);
[[nodiscard]] Result<std::vector<FerRow>> read_fer2013_csv(const std::filesystem::path& file);
// "fer2013-public-images-idx3-ubyte.gz" → "fer2013-public.csv" beside it; empty where there is none.
[[nodiscard]] std::filesystem::path votes_beside(const std::filesystem::path& images);

// The seven classes' share of the votes; contempt, unknown and not-a-face are left out and the rest
// renormalised to sum 1. Nothing when no vote went to the seven.
[[nodiscard]] std::optional<Distribution> vote_distribution(const Votes& votes);

// The class with most votes among the seven; nothing without votes or with a tie, where no answer is right.
[[nodiscard]] std::optional<int> vote_majority(const Votes& votes);

// The pictures with a majority, labelled by it. Error (bad_input): the rows are not of this set of `pictures`
// (another number, other labels).
[[nodiscard]] Result<JudgedItems> labelled_by_votes(const JudgedItems& judged, std::size_t pictures,
                                                    const std::vector<FerRow>& rows,
                                                    const std::filesystem::path& file);

}  // namespace pyro::datasets
