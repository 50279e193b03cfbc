#include "pyro/datasets/grouped_set.hpp"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX's

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "readers.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// "35_1_2_2017….jpg": age, gender (0 male, 1 female), race (0 white, 1 black, 2 asian, 3 indian, 4 other), as
// the data set's page defines them.
std::vector<Group> utkface_groups(const std::string& name) {
  constexpr std::array kGenders{"male", "female"};
  constexpr std::array kRaces{"white", "black", "asian", "indian", "other"};
  std::array<std::size_t, 3> codes{};
  std::size_t at = 0;
  for (std::size_t& code : codes) {
    const std::size_t end = name.find('_', at);
    if (end == std::string::npos) return {};
    const std::optional<int> value = whole_number(std::string_view(name).substr(at, end - at));
    if (!value) return {};
    code = static_cast<std::size_t>(*value);
    at = end + 1;
  }
  if (codes[0] > 130 || codes[1] >= kGenders.size() || codes[2] >= kRaces.size()) return {};
  return {{"age", std::to_string(codes[0])}, {"gender", kGenders[codes[1]]}, {"race", kRaces[codes[2]]}};
}

Dataset read_utkface_names(const fs::path& folder) {
  Dataset set{folder.has_filename() ? folder.filename().string() : folder.parent_path().filename().string(),
              {}};
  set.labelled = false;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    Item item;
    item.name = entry.path().string();
    item.groups = utkface_groups(entry.path().filename().string());
    if (entry.is_regular_file(error) && !item.groups.empty()) set.items.push_back(std::move(item));
  }
  std::ranges::sort(set.items, {}, &Item::name);
  return set;
}

std::vector<fs::path> archives_in(const fs::path& folder) {
  std::vector<fs::path> archives;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = lower(entry.path().filename().string());
    if (name.ends_with(".tar.gz") || name.ends_with(".tgz") || name.ends_with(".tar") ||
        name.ends_with(".zip"))
      archives.push_back(entry.path());
  }
  return archives;
}

Result<GroupedSet> read_csv(const fs::path& file) {
  Result<Dataset> set =
      read_dataset_csv(std::make_unique<std::ifstream>(file, std::ios::binary), file, Labels::optional);
  if (!set) return tl::make_unexpected(set.error());
  return GroupedSet{std::move(*set), nullptr};
}

// The pictures of a labels.csv, out of the archive beside it where they do not lie there themselves.
Status find_pictures(const fs::path& folder, GroupedSet& grouped) {
  std::error_code error;
  if (grouped.set.items.empty() || grouped.set.items.front().face ||
      fs::exists(grouped.set.items.front().name, error))
    return {};
  const std::vector<fs::path> archives = archives_in(folder);
  if (archives.size() != 1) return {};  // that they are missing is said when they are read
  Result<std::shared_ptr<const ScratchFolder>> scratch = ScratchFolder::create();
  if (!scratch) return tl::make_unexpected(scratch.error());
  if (Status done = unpack(archives.front(), (*scratch)->path()); !done) return done;
  for (Item& item : grouped.set.items)
    item.name = ((*scratch)->path() / fs::path(item.name).lexically_relative(folder)).string();
  grouped.unpacked = std::move(*scratch);
  return {};
}

Result<GroupedSet> read_form(const fs::path& where) {
  std::error_code error;
  if (fs::is_directory(where, error)) {
    if (const fs::path csv = where / "labels.csv"; fs::is_regular_file(csv, error)) {
      Result<GroupedSet> grouped = read_csv(csv);
      if (!grouped) return grouped;
      if (Status found = find_pictures(where, *grouped); !found) return tl::make_unexpected(found.error());
      return grouped;
    }
    if (Dataset set = read_utkface_names(where); !set.items.empty())
      return GroupedSet{std::move(set), nullptr};
  } else if (lower(where.extension().string()) == ".csv" && fs::exists(where, error)) {
    return read_csv(where);
  }
  Result<Dataset> set = read_dataset(where);
  if (!set) return tl::make_unexpected(set.error());
  return GroupedSet{std::move(*set), nullptr};
}

}  // namespace

Result<std::shared_ptr<const ScratchFolder>> ScratchFolder::create() {
  std::error_code error;
  std::string name = (fs::temp_directory_path(error) / "pyrometer-XXXXXX").string();
  if (error || ::mkdtemp(name.data()) == nullptr)
    return failed("no temporary folder can be made at '" + name + "': check TMPDIR, permissions and space");
  return std::make_shared<const ScratchFolder>(name);
}

ScratchFolder::~ScratchFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

std::string age_band(const std::string& age) {
  const std::optional<int> years = whole_number(age);
  if (!years) return age;
  return *years < 16 ? "0-15" : *years < 30 ? "16-29" : *years < 45 ? "30-44" : *years < 60 ? "45-59" : "60+";
}

Result<GroupedSet> read_grouped_set(const fs::path& where) {
  Result<GroupedSet> grouped = read_form(where);
  if (!grouped) return grouped;
  bool told = false;
  for (Item& item : grouped->set.items) {
    for (Group& group : item.groups) {
      told = true;
      if (group.name == "age") group.value = age_band(group.value);
    }
  }
  if (grouped->set.items.empty()) return bad_input("'" + where.string() + "' holds no picture");
  if (!told)
    return bad_input(
        "'" + where.string() +
        "' tells no groups of its people: give a CSV with path and age, gender, race, ethnicity, "
        "skin_tone, group or group_…");
  return grouped;
}

}  // namespace pyro::datasets
