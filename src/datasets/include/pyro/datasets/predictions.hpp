// What was said of pictures: by a model here, or by anybody's, as a CSV.
#pragma once

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/datasets/dataset.hpp"
#include "pyro/datasets/metrics.hpp"

namespace pyro::datasets {

struct Prediction {
  int label = kMissed;
  records::Expression said = records::Expression::none();  // not known where only a label was told
  std::string missed_because = {};                         // of a missed face: "no_face", "blurred", …
  double latency_ms = std::numeric_limits<double>::quiet_NaN();  // for this face; NaN where not measured
};

// A part of a set, and where each picture of it stood in the whole (from 0): what a CSV's index means.
struct JudgedItems {
  std::vector<Item> items;
  std::vector<std::size_t> index;
};

[[nodiscard]] std::vector<Judged> judge(const std::vector<Item>& items,
                                        const std::vector<Prediction>& predictions);

// One prediction for each of `judged`, in their order. The CSV's first line names, in any order and case,
// index or path, and label or all seven classes (angry … neutral, also as p_angry …), which should sum to 1;
// missed_because is read if it is there, other columns are passed over. With probabilities the label is their
// largest, and a label that says otherwise is an error. Without either the face counts as missed. A path is
// matched as it stands, relative to the CSV or to the working folder, else by file name where only one
// picture has it. Rows of pictures that are not among `judged` are passed over. Errors (bad_input) name file
// and line: a label or number that is none, a picture twice, one that is not there.
[[nodiscard]] Result<std::vector<Prediction>> read_predictions(const std::filesystem::path& file,
                                                               const JudgedItems& judged);
// index, path, truth, label, the seven probabilities, missed_because: what the reader takes. Error (failed):
// it cannot be written.
[[nodiscard]] Status write_predictions(const std::filesystem::path& file, const JudgedItems& judged,
                                       const std::vector<Prediction>& predictions);

}  // namespace pyro::datasets
