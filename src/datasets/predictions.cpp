#include "pyro/datasets/predictions.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>

#include "pyro/base/csv_records.hpp"
#include "readers.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

struct AnswerColumns {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t index = none, path = none, label = none, why = none;
  std::array<std::size_t, records::kClasses> p{};
  bool probabilities = false;
  std::size_t count = 0;
};

Result<AnswerColumns> columns_of(const std::vector<std::string_view>& titles, const std::string& name) {
  AnswerColumns columns;
  columns.count = titles.size();
  columns.p.fill(AnswerColumns::none);
  for (std::size_t i = 0; i < titles.size(); ++i) {
    std::string title = lower(trimmed(titles[i]));
    if (title.starts_with("p_")) title.erase(0, 2);
    const auto known = std::ranges::find(records::kEmotionNames, title);
    std::size_t* place = title == "index"            ? &columns.index
                         : title == "path"           ? &columns.path
                         : title == "label"          ? &columns.label
                         : title == "missed_because" ? &columns.why
                         : known != records::kEmotionNames.end()
                             ? &columns.p[static_cast<std::size_t>(known - records::kEmotionNames.begin())]
                             : nullptr;
    if (place == nullptr) continue;
    if (*place != AnswerColumns::none)
      return bad_input(std::string{name}.append(" has two columns for '").append(title) +
                       "' in its first line");
    *place = i;
  }
  const auto probabilities = records::kClasses - std::ranges::count(columns.p, AnswerColumns::none);
  columns.probabilities = probabilities == records::kClasses;
  if (probabilities != 0 && !columns.probabilities)
    return bad_input(name + " has only " + std::to_string(probabilities) +
                     " of the seven probabilities: give all (" + known_labels() + ") or none");
  if ((columns.index == AnswerColumns::none && columns.path == AnswerColumns::none) ||
      (columns.label == AnswerColumns::none && !columns.probabilities)) {
    return bad_input(name + " needs in its first line index or path, and label or the seven probabilities (" +
                     known_labels() + ")");
  }
  return columns;
}

template <typename Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string normal(const fs::path& path) {
  std::error_code error;
  return fs::absolute(path, error).lexically_normal().string();
}

// Where a row's picture stands among the judged.
class Places {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1), several = static_cast<std::size_t>(-2);

  explicit Places(const JudgedItems& judged) : judged_(judged) {
    for (std::size_t i = 0; i < judged.items.size(); ++i) {
      const std::string& name = judged.items[i].name;
      by_index_.emplace(judged.index[i], i);
      by_path_.emplace(normal(name), i);
      const auto [at, fresh] = by_file_.try_emplace(fs::path(name).filename().string(), i);
      if (!fresh) at->second = several;
    }
  }
  [[nodiscard]] std::size_t of_index(std::size_t index) const { return find(by_index_, index); }
  [[nodiscard]] std::size_t of_path(const fs::path& path, const fs::path& folder) const {
    for (const fs::path& full : {folder / path, path}) {
      if (const std::size_t at = find(by_path_, normal(full)); at != none) return at;
    }
    const std::size_t at = find(by_file_, path.filename().string());
    return at == several ? none : at;
  }
  // That a row's path and its index mean one picture; a file may have moved, its name not.
  [[nodiscard]] bool same_file(std::size_t place, const fs::path& path) const {
    return fs::path(judged_.items[place].name).filename() == path.filename();
  }

 private:
  template <typename Map, typename Key>
  static std::size_t find(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? none : at->second;
  }
  const JudgedItems& judged_;
  std::map<std::size_t, std::size_t> by_index_;
  std::map<std::string, std::size_t> by_path_, by_file_;
};

class Rows {
 public:
  Rows(CsvRecords& lines, const AnswerColumns& columns) : lines_(lines), columns_(columns) {}

  [[nodiscard]] std::string where() const { return lines_.name() + " line " + std::to_string(lines_.line()); }
  [[nodiscard]] std::string_view text(std::size_t column) const {
    return column == AnswerColumns::none ? std::string_view() : trimmed(lines_.cells()[column]);
  }

  Result<std::size_t> place(const Places& places, const fs::path& folder) const {
    if (lines_.cells().size() != columns_.count)
      return bad_input(where() + " has " + std::to_string(lines_.cells().size()) + " cells, the first line " +
                       std::to_string(columns_.count));
    const std::string_view path = text(columns_.path);
    if (columns_.index == AnswerColumns::none) return places.of_path(path, folder);
    const std::optional<std::size_t> index = number<std::size_t>(text(columns_.index));
    if (!index)
      return bad_input(where() + ": '" + std::string(text(columns_.index)) + "' is no index from 0 on");
    const std::size_t place = places.of_index(*index);
    if (place != Places::none && !path.empty() && !places.same_file(place, path))
      return bad_input(where() + ": picture " + std::to_string(*index) + " of the set is not '" +
                       std::string(path) + "': these predictions are of another set");
    return place;
  }

  Result<Prediction> prediction() const {
    Prediction said;
    said.missed_because = text(columns_.why);
    const std::string_view label = text(columns_.label);
    if (!label.empty()) {
      const std::optional<records::Emotion> known = emotion_of(label);
      if (!known)
        return bad_input(where() + ": '" + std::string(label) + "' is none of the seven classes (" +
                         known_labels() + ", or 0..6)");
      said.label = static_cast<int>(*known);
    }
    if (!columns_.probabilities) return said;
    if (std::ranges::all_of(columns_.p, [&](std::size_t column) { return text(column).empty(); }))
      return said;
    double sum = 0;
    for (std::size_t k = 0; k < columns_.p.size(); ++k) {
      const std::optional<float> p = number<float>(text(columns_.p[k]));
      if (!p || !(*p >= 0 && *p <= 1))
        return bad_input(where() + ": '" + std::string(text(columns_.p[k])) +
                         "' is no probability from 0 to 1");
      said.said.p[k] = *p;
      sum += *p;
    }
    if (std::abs(sum - 1) > 0.01)
      return bad_input(where() + ": the seven probabilities sum to " + std::to_string(sum) + ", not to 1");
    const int largest = static_cast<int>(said.said.label());
    if (!label.empty() &&
        said.said.p[static_cast<std::size_t>(said.label)] < said.said.p[static_cast<std::size_t>(largest)])
      return bad_input(where() + ": the label is '" + std::string(label) +
                       "' but the largest probability that of '" +
                       std::string(records::kEmotionNames[static_cast<std::size_t>(largest)]) + "'");
    if (label.empty()) said.label = largest;
    return said;
  }

 private:
  CsvRecords& lines_;
  AnswerColumns columns_;
};

}  // namespace

Result<std::vector<Prediction>> read_predictions(const fs::path& file, const JudgedItems& judged) {
  const std::string name = "'" + file.string() + "'";
  CsvRecords lines(std::make_unique<std::ifstream>(file, std::ios::binary), name);
  Result<bool> more = lines.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty: give a CSV of predictions");
  Result<AnswerColumns> columns = columns_of(lines.cells(), name);
  if (!columns) return tl::make_unexpected(columns.error());
  const Rows rows(lines, *columns);
  const Places places(judged);
  std::vector<std::optional<Prediction>> found(judged.items.size());
  while ((more = lines.next()) && *more) {
    const Result<std::size_t> place = rows.place(places, file.parent_path());
    if (!place) return tl::make_unexpected(place.error());
    Result<Prediction> prediction = rows.prediction();
    if (!prediction) return tl::make_unexpected(prediction.error());
    if (*place == Places::none) continue;
    if (found[*place])
      return bad_input(rows.where() + " names '" + judged.items[*place].name + "' again: one row a picture");
    found[*place] = std::move(*prediction);
  }
  if (!more) return tl::make_unexpected(more.error());
  const auto is_absent = [](const std::optional<Prediction>& one) { return !one; };
  if (const auto absent = std::ranges::count_if(found, is_absent); absent > 0) {
    const auto first = static_cast<std::size_t>(std::ranges::find_if(found, is_absent) - found.begin());
    return bad_input(name + " says nothing of " + std::to_string(absent) + " of the " +
                     std::to_string(found.size()) + " judged pictures, first of '" +
                     judged.items[first].name + "' (index " + std::to_string(judged.index[first]) +
                     "): give a row for each, with an empty label where no face was found");
  }
  std::vector<Prediction> predictions;
  predictions.reserve(found.size());
  for (std::optional<Prediction>& one : found) {
    if (one) predictions.push_back(std::move(*one));  // (all of them, as counted above)
  }
  return predictions;
}

Status write_predictions(const fs::path& file, const JudgedItems& judged,
                         const std::vector<Prediction>& predictions) {
  // Beside it first: a full disk leaves an earlier file whole.
  const fs::path part = file.string() + ".part";
  std::ofstream out(part, std::ios::binary);
  out << "index,path,truth,label";
  for (const std::string_view emotion : records::kEmotionNames) out << ',' << emotion;
  out << ",missed_because\n";
  std::error_code error;
  const fs::path folder = fs::absolute(file, error).parent_path().lexically_normal();
  for (std::size_t i = 0; i < predictions.size(); ++i) {
    const Item& item = judged.items[i];
    const Prediction& one = predictions[i];
    const fs::path path =
        item.is_path ? fs::absolute(item.name, error).lexically_proximate(folder) : fs::path(item.name);
    out << judged.index[i] << ',' << csv_cell(path.string()) << ','
        << records::kEmotionNames[static_cast<std::size_t>(item.label)] << ','
        << (one.label == kMissed ? "" : records::kEmotionNames[static_cast<std::size_t>(one.label)]);
    for (const float p : one.said.p) {
      std::array<char, 32> digits{};
      out << ',';
      if (one.said.known())  // the shortest that reads back as the same
        out.write(digits.data(),
                  std::to_chars(digits.data(), digits.data() + digits.size(), p).ptr - digits.data());
    }
    out << ',' << csv_cell(one.missed_because) << '\n';
  }
  return put_in_place(out, part, file);
}

}  // namespace pyro::datasets
