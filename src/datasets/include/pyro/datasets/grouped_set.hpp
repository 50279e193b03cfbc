// Pictures of people whose groups (age, gender, skin tone, …) are known; what they express need not be.
#pragma once

#include <filesystem>
#include <memory>

#include "pyro/datasets/dataset.hpp"

namespace pyro::datasets {

// A folder of its own that goes away with its last owner.
class ScratchFolder {
 public:
  // Error (failed): no folder can be made where the system keeps temporary files.
  [[nodiscard]] static Result<std::shared_ptr<const ScratchFolder>> create();
  explicit ScratchFolder(std::filesystem::path path) : path_(std::move(path)) {}
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ScratchFolder(ScratchFolder&&) = delete;
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct GroupedSet {
  Dataset set;
  std::shared_ptr<const ScratchFolder> unpacked;  // holds the pictures where they came from an archive
};

// `where`:
// - a CSV as read_dataset takes it, the label may be missing;
// - a folder with such a labels.csv, its pictures beside it or in the one archive (tar, tar.gz, zip) beside
// it;
// - a folder of pictures named as UTKFace does, age_gender_race_….jpg;
// - whatever else read_dataset takes.
// Ages that are numbers become bands: 0-15, 16-29, 30-44, 45-59, 60+. Errors as of read_dataset, and
// (bad_input) where no picture tells any group.
[[nodiscard]] Result<GroupedSet> read_grouped_set(const std::filesystem::path& where);

// "37" → "30-44"; anything that is no number stays.
[[nodiscard]] std::string age_band(const std::string& age);

// Unpacks an archive's plain files below `folder`. Names that would lead out of it, links and devices are
// passed over. Errors (bad_input): no archive, damaged, more than kMostUnpackedBytes in all; (failed): it
// cannot be written.
inline constexpr std::int64_t kMostUnpackedBytes = std::int64_t{8} << 30;
[[nodiscard]] Status unpack(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace pyro::datasets
