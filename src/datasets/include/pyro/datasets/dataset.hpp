// Labelled pictures as the ecosystem keeps them: a folder per class, a CSV, IDX, or FER2013's own CSV.
#pragma once

#include <cstdint>
#include <filesystem>
#include <istream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pyro/base/result.hpp"
#include "pyro/crop/expression_input.hpp"
#include "pyro/records/frame.hpp"
#include "pyro/records/signals.hpp"

namespace pyro::datasets {

// What a person belongs to, as the set tells: {"age", "30-44"}.
struct Group {
  std::string name, value;
  friend bool operator==(const Group&, const Group&) = default;
};

struct Item {
  // The picture's file; for a picture within an IDX file "images-idx3-ubyte.gz[17]"; for one whose pixels
  // stand in a CSV "fer2013.csv line 18", and only then it is no path.
  std::string name;
  bool is_path = true;
  std::int64_t line = 0;  // of the CSV that named it; 0 where none did
  // The picture itself where the set holds 48×48 grey faces (IDX, FER2013's CSV); else read the file.
  std::optional<crop::GreyFace> face = std::nullopt;
  records::Emotion label = records::Emotion::neutral;
  std::string split = {};   // "train", "PublicTest", …; empty: not told
  std::string person = {};  // empty: not known
  std::vector<Group> groups = {};
};

struct Dataset {
  std::string name;  // the folder or file that it was read from, without the path
  std::vector<Item> items;
  bool labelled = true;  // false: nothing is known of what the faces express, and Item::label means nothing
};

// "happy", "Happiness", "3": a class's name, its noun, or its index; nothing for anything else.
[[nodiscard]] std::optional<records::Emotion> emotion_of(std::string_view text);

// `where`:
// - a folder with one folder per class, or with folders named after splits (train, val, test and their like)
//   and the class folders in those. Hidden folders and files that are no pictures by their ending are passed
//   over. Sorted by name.
// - a CSV with the columns path (or file) and label, and if it has them split, person, group, age, gender,
// race,
//   ethnicity, skin_tone and group_…; paths relative to the CSV, or a picture of an IDX file as above.
// - FER2013's own CSV: emotion, pixels (48×48 numbers), Usage, which is the split.
// - IDX images, 48×48, gzip or plain. Labels (0..6) from `labels`, or where that is empty from the file
// beside
//   them whose name has labels-idx1 for images-idx3.
// Errors (bad_input) name file and line: unreadable, an unknown label, an empty class folder, no picture at
// all, fewer than `least_classes` classes, columns missing, images and labels that do not match, labels
// missing or superfluous (wrong_use).
[[nodiscard]] Result<Dataset> read_dataset(const std::filesystem::path& where,
                                           const std::filesystem::path& labels = {}, int least_classes = 1);
// A CSV of either kind from a stream; `file` gives the name in errors and the folder of relative paths.
// Where labels are optional, the column of them may be missing.
enum class Labels : std::uint8_t { required, optional };
[[nodiscard]] Result<Dataset> read_dataset_csv(std::unique_ptr<std::istream> input,
                                               const std::filesystem::path& file,
                                               Labels labels = Labels::required);

// The picture of an item whose file must be read. Errors (bad_input) name it and its line: absent, no
// picture, damaged.
[[nodiscard]] Result<records::Frame> load_picture(const Item& item);
// Any item as the expression network sees it: its own face, or the whole picture as crop::whole gives it.
[[nodiscard]] Result<crop::GreyFace> load_face(const Item& item);

// A CSV that read_dataset takes: path, label and what else is known of any item; paths relative to `file`'s
// folder. Where an item is no path, every item's pixels are written instead, as FER2013's CSV has them (which
// needs faces of 48×48 in all of them: load_face). Error (failed): it cannot be written.
[[nodiscard]] Status write_dataset(const std::vector<Item>& items, const std::filesystem::path& file);

}  // namespace pyro::datasets
