#include "datasets/fer2013.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <numeric>
#include <sstream>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "pyro/datasets/idx.hpp"
#include "pyro/datasets/random.hpp"

namespace pyro::training {

using datasets::Random;
using datasets::shuffle;
namespace {

// FER+ column of each of our classes: anger, disgust, fear, happiness, sadness, surprise, neutral.
constexpr std::array<std::size_t, kClasses> kColumnOfClass = {4, 5, 6, 1, 3, 2, 0};
constexpr std::size_t kLabelColumn = 4;
constexpr std::size_t kFirstVoteColumn = 6;
constexpr std::size_t kColumns = 18;

std::string_view pixels_of(const crop::GreyFace& face) {
  // A view as characters, for hashing only; unsigned and plain char may alias anything.
  return {static_cast<const char*>(static_cast<const void*>(face.pixels.data())), face.pixels.size()};
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) {
      return fields;
    }
    line.remove_prefix(comma + 1);
  }
}

std::optional<int> integer(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::array<int, kClasses> seven_of(const Votes& votes) {
  std::array<int, kClasses> seven{};
  for (std::size_t i = 0; i < seven.size(); ++i) {
    seven[i] = votes[kColumnOfClass[i]];
  }
  return seven;
}

Result<CsvRow> parse_row(std::string_view line, const std::string& where) {
  const std::vector<std::string_view> fields = fields_of(line);
  if (fields.size() != kColumns) {
    return bad_input(where + ": has " + std::to_string(fields.size()) + " columns instead of " +
                     std::to_string(kColumns) + "; use the CSV that belongs to the IDX files");
  }
  const std::optional<int> label = integer(fields[kLabelColumn]);
  if (!label || *label < 0 || *label >= kClasses) {
    return bad_input(where + ": label '" + std::string(fields[kLabelColumn]) +
                     "' is not 0 to 6; correct the row");
  }
  CsvRow row{*label, std::nullopt};
  const auto first = fields.begin() + kFirstVoteColumn;
  const auto last = first + std::tuple_size_v<Votes>;
  if (std::all_of(first, last, [](std::string_view field) { return field.empty(); })) {
    return row;
  }
  Votes votes{};
  for (std::size_t i = 0; i < votes.size(); ++i) {
    const std::optional<int> count = integer(fields[kFirstVoteColumn + i]);
    if (!count || *count < 0) {
      return bad_input(where + ": vote '" + std::string(fields[kFirstVoteColumn + i]) +
                       "' is no count; correct the row, or leave all ten votes empty");
    }
    votes[i] = *count;
  }
  row.votes = votes;
  return row;
}

}  // namespace

Result<std::vector<CsvRow>> parse_fer2013_csv(const std::string& text, const std::string& name) {
  std::vector<CsvRow> rows;
  std::istringstream lines(text);
  std::string line;
  int number = 0;
  while (std::getline(lines, line)) {
    ++number;
    if (!line.empty() && line.back() == '\r') {
      line.pop_back();
    }
    if (number == 1) {
      if (!line.starts_with("index,")) {
        return bad_input(
            name + ": has no header line starting with 'index,'; use the CSV that belongs to the IDX files");
      }
      continue;
    }
    Result<CsvRow> row = parse_row(line, name + " line " + std::to_string(number));
    if (!row) {
      return tl::make_unexpected(row.error());
    }
    rows.push_back(*row);
  }
  if (rows.empty()) {
    return bad_input(name + ": holds no rows; use the CSV that belongs to the IDX files");
  }
  return rows;
}

Result<std::vector<Picture>> read_fer2013(const std::filesystem::path& dir, Part part) {
  const std::string stem = part == Part::training ? "fer2013-train" : "fer2013-public";
  const std::filesystem::path images_path = dir / (stem + "-images-idx3-ubyte.gz");
  Result<datasets::IdxArray> images = datasets::read_idx(images_path);
  if (!images) {
    return tl::make_unexpected(images.error());
  }
  Result<datasets::IdxArray> labels = datasets::read_idx(dir / (stem + "-labels-idx1-ubyte.gz"));
  if (!labels) {
    return tl::make_unexpected(labels.error());
  }
  const std::vector<std::uint32_t>& dims = images->dims;
  if (dims.size() != 3 || dims[1] != crop::kExpressionSide || dims[2] != crop::kExpressionSide ||
      dims[0] == 0) {
    return bad_input(images_path.string() + ": does not hold 48×48 pictures; use FER2013 as IDX");
  }
  const std::filesystem::path csv_path = dir / (stem + ".csv");
  std::ifstream csv(csv_path, std::ios::binary);
  if (!csv) {
    return bad_input(csv_path.string() + ": cannot be opened; it must lie beside the IDX files");
  }
  std::ostringstream text;
  text << csv.rdbuf();
  Result<std::vector<CsvRow>> rows = parse_fer2013_csv(text.str(), csv_path.string());
  if (!rows) {
    return tl::make_unexpected(rows.error());
  }
  const std::size_t count = dims[0];
  if (labels->dims != std::vector<std::uint32_t>{dims[0]} || rows->size() != count) {
    return bad_input(dir.string() + ": " + stem + " has " + std::to_string(count) + " pictures, " +
                     std::to_string(labels->bytes.size()) + " labels and " + std::to_string(rows->size()) +
                     " CSV rows; the three files must belong together");
  }
  std::vector<Picture> pictures(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = images->bytes.begin() + static_cast<std::ptrdiff_t>(i * crop::kExpressionPixels);
    std::copy_n(at, crop::kExpressionPixels, pictures[i].face.pixels.begin());
    if ((*rows)[i].label != labels->bytes[i]) {
      return bad_input(csv_path.string() + ": row " + std::to_string(i) +
                       " has another label than the IDX file; the files must belong together");
    }
    pictures[i].label = (*rows)[i].label;
    pictures[i].votes = (*rows)[i].votes;
  }
  return pictures;
}

std::optional<Distribution> vote_distribution(const Votes& votes) {
  const std::array<int, kClasses> seven = seven_of(votes);
  const int total = std::accumulate(seven.begin(), seven.end(), 0);
  if (total == 0) {
    return std::nullopt;
  }
  Distribution shares{};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    shares[i] = static_cast<float>(seven[i]) / static_cast<float>(total);
  }
  return shares;
}

std::optional<int> vote_majority(const Votes& votes) {
  const std::array<int, kClasses> seven = seven_of(votes);
  const auto top = std::max_element(seven.begin(), seven.end());
  if (*top == 0 || std::count(seven.begin(), seven.end(), *top) > 1) {
    return std::nullopt;
  }
  return static_cast<int>(top - seven.begin());
}

std::vector<Sample> merge_twins(const std::vector<Picture>& pictures) {
  struct Group {
    const Picture* first;
    std::array<int, kClasses> labels{};
    std::optional<Votes> votes;
  };
  std::vector<Group> groups;
  std::unordered_map<std::string_view, std::size_t> seen;
  for (const Picture& picture : pictures) {
    const auto [at, fresh] = seen.try_emplace(pixels_of(picture.face), groups.size());
    if (fresh) {
      groups.push_back({&picture, {}, std::nullopt});
    }
    Group& group = groups[at->second];
    ++group.labels[static_cast<std::size_t>(picture.label)];
    if (picture.votes) {
      Votes sum = group.votes.value_or(Votes{});
      std::transform(sum.begin(), sum.end(), picture.votes->begin(), sum.begin(), std::plus<>());
      group.votes = sum;
    }
  }
  std::vector<Sample> samples;
  samples.reserve(groups.size());
  for (const Group& group : groups) {
    Sample sample;
    sample.face = group.first->face;
    const int copies = std::accumulate(group.labels.begin(), group.labels.end(), 0);
    for (std::size_t i = 0; i < sample.labels.size(); ++i) {
      sample.labels[i] = static_cast<float>(group.labels[i]) / static_cast<float>(copies);
      if (group.labels[i] == copies) {
        sample.label = static_cast<int>(i);
      }
    }
    if (group.votes) {
      sample.votes = vote_distribution(*group.votes);
      sample.majority = vote_majority(*group.votes);
    }
    samples.push_back(sample);
  }
  return samples;
}

std::vector<bool> twins_of(const std::vector<Picture>& pictures, const std::vector<Picture>& others) {
  std::unordered_set<std::string_view> known;
  for (const Picture& other : others) {
    known.insert(pixels_of(other.face));
  }
  std::vector<bool> twins(pictures.size());
  std::transform(pictures.begin(), pictures.end(), twins.begin(),
                 [&](const Picture& picture) { return known.contains(pixels_of(picture.face)); });
  return twins;
}

Split split(std::vector<Sample> samples, double fraction, std::uint64_t seed) {
  Random random(seed);
  shuffle(std::span<Sample>(samples), random);
  const auto wanted = static_cast<std::size_t>(fraction * static_cast<double>(samples.size()));
  Split parts;
  for (Sample& sample : samples) {
    const bool hold_out = sample.label && parts.hold_out.size() < wanted;
    (hold_out ? parts.hold_out : parts.fit).push_back(sample);
  }
  return parts;
}

}  // namespace pyro::training
