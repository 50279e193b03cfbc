#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "pyro/base/csv_records.hpp"
#include "readers.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

// Where the columns that we know stand; `none` for those that are not there.
struct Columns {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t path = none, pixels = none, label = none, split = none, person = none;
  std::vector<std::pair<std::size_t, std::string>> groups;
  std::size_t count = 0;
};

// "gender_name" beside "gender": the code's meaning, which says more to a reader.
void add_group(std::size_t at, std::string title, Columns& columns) {
  constexpr std::string_view kName = "_name";
  const bool named = title.ends_with(kName);
  if (named) title.erase(title.size() - kName.size());
  const auto known = std::ranges::find(columns.groups, title, &std::pair<std::size_t, std::string>::second);
  if (known == columns.groups.end()) {
    columns.groups.emplace_back(at, std::move(title));
  } else if (named) {
    known->first = at;
  }
}

bool tells_group(const std::string& title) {
  constexpr std::array<std::string_view, 6> kGroups{"group", "age",       "gender",
                                                    "race",  "ethnicity", "skin_tone"};
  return title.starts_with("group_") || std::ranges::any_of(kGroups, [&](std::string_view group) {
           return title == group || title == std::string(group) + "_name";
         });
}

Result<Columns> columns_of(const std::vector<std::string_view>& titles, const std::string& name,
                           Labels labels) {
  Columns columns;
  columns.count = titles.size();
  std::size_t file = Columns::none;  // another name for path, where there is no path
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const std::string title = lower(trimmed(titles[i]));
    std::size_t* place = title == "path"                          ? &columns.path
                         : title == "pixels"                      ? &columns.pixels
                         : title == "label" || title == "emotion" ? &columns.label
                         : title == "split" || title == "usage"   ? &columns.split
                         : title == "person"                      ? &columns.person
                                                                  : nullptr;
    if (place != nullptr) {
      if (*place != Columns::none)
        return bad_input(std::string{name}.append(" has two columns for '").append(title) +
                         "' in its first line");
      *place = i;
    } else if (title == "file") {
      file = i;
    } else if (tells_group(title)) {
      add_group(i, title, columns);
    }
  }
  if (columns.path == Columns::none && columns.pixels == Columns::none) columns.path = file;
  if ((columns.label == Columns::none && labels == Labels::required) ||
      (columns.path == Columns::none) == (columns.pixels == Columns::none)) {
    return bad_input(
        name +
        " needs in its first line the columns path and label, or as FER2013's own CSV emotion and pixels");
  }
  return columns;
}

Result<crop::GreyFace> face_of(std::string_view cell, const std::string& where) {
  crop::GreyFace face;
  std::size_t count = 0;
  for (const char *at = cell.data(), *end = at + cell.size();;) {
    while (at != end && *at == ' ') ++at;
    if (at == end) break;
    int value = -1;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc{} || value < 0 || value > 255 || (next != end && *next != ' ')) {
      return bad_input(where + ": pixel " + std::to_string(count) + " is no number from 0 to 255");
    }
    if (count < face.pixels.size()) face.pixels[count] = static_cast<std::uint8_t>(value);
    ++count;
    at = next;
  }
  if (count != face.pixels.size()) {
    return bad_input(where + " has " + std::to_string(count) + " pixels, not the 2304 of a 48×48 picture");
  }
  return face;
}

// "faces-idx3-ubyte.gz[17]" → the file and 17.
struct Element {
  std::string file;
  std::size_t index = 0;
};
std::optional<Element> element_of(const std::string& path) {
  const std::size_t open = path.rfind('[');
  if (open == std::string::npos || !path.ends_with(']')) return std::nullopt;
  Element element{path.substr(0, open), 0};
  const char *first = path.data() + open + 1, *last = path.data() + path.size() - 1;
  const auto [end, error] = std::from_chars(first, last, element.index);
  std::error_code unknown;
  if (error != std::errc{} || end != last || fs::exists(path, unknown) ||
      !fs::is_regular_file(element.file, unknown)) {
    return std::nullopt;
  }
  return element;
}

class CsvReader {
 public:
  CsvReader(CsvRecords& lines, Columns columns, fs::path folder, std::string file_name)
      : lines_(lines),
        columns_(std::move(columns)),
        folder_(std::move(folder)),
        file_name_(std::move(file_name)) {}

  Result<Item> item() {
    const std::vector<std::string_view>& cells = lines_.cells();
    const std::string where = lines_.name() + " line " + std::to_string(lines_.line());
    if (cells.size() != columns_.count) {
      return bad_input(where + " has " + std::to_string(cells.size()) + " cells, the first line " +
                       std::to_string(columns_.count));
    }
    Item item;
    item.line = lines_.line();
    const bool labelled = columns_.label != Columns::none;
    const std::optional<records::Emotion> label =
        labelled ? emotion_of(trimmed(cells[columns_.label])) : records::Emotion::neutral;
    if (!label) {
      return bad_input(where + ": '" + std::string(cells[columns_.label]) +
                       "' is none of the seven classes (" + known_labels() + ", or 0..6)");
    }
    item.label = *label;
    const auto text = [&](std::size_t column) {
      return column == Columns::none ? std::string() : std::string(trimmed(cells[column]));
    };
    item.split = text(columns_.split);
    item.person = text(columns_.person);
    for (const auto& [column, name] : columns_.groups) {
      if (std::string value = text(column); !value.empty()) item.groups.push_back({name, std::move(value)});
    }
    Status picture = columns_.path == Columns::none ? take_pixels(cells[columns_.pixels], where, item)
                                                    : take_path(cells[columns_.path], where, item);
    if (!picture) return tl::make_unexpected(picture.error());
    return item;
  }

 private:
  Status take_pixels(std::string_view cell, const std::string& where, Item& item) const {
    Result<crop::GreyFace> face = face_of(cell, where);
    if (!face) return tl::make_unexpected(face.error());
    item.face = *face;
    item.is_path = false;
    item.name = file_name_ + " line " + std::to_string(item.line);
    return {};
  }

  Status take_path(std::string_view cell, const std::string& where, Item& item) {
    if (cell.empty()) return bad_input(where + " names no picture: its path is empty");
    if (cell.find('\0') != std::string_view::npos) return bad_input(where + ": its path has a zero byte");
    item.name = (folder_ / cell).string();
    const std::optional<Element> element = element_of(item.name);
    if (!element) return {};
    auto known = arrays_.find(element->file);
    if (known == arrays_.end()) {
      Result<IdxArray> images = read_idx_faces(element->file);
      if (!images) return bad_input(where + ": " + images.error().message, images.error().context);
      known = arrays_.emplace(element->file, std::move(*images)).first;
    }
    if (element->index >= known->second.dims[0]) {
      return bad_input(where + ": " + element->file + " holds only " + std::to_string(known->second.dims[0]) +
                       " pictures");
    }
    item.face = idx_face(known->second, element->index);
    return {};
  }

  CsvRecords& lines_;
  Columns columns_;
  fs::path folder_;
  std::string file_name_;
  std::map<std::string, IdxArray> arrays_;
};

}  // namespace

Result<Dataset> read_dataset_csv(std::unique_ptr<std::istream> input, const fs::path& file, Labels labels) {
  const std::string name = "'" + file.string() + "'";
  CsvRecords lines(std::move(input), name);
  Result<bool> more = lines.next();
  if (!more) return tl::make_unexpected(more.error());
  if (!*more) return bad_input(name + " cannot be read or is empty");
  Result<Columns> columns = columns_of(lines.cells(), name, labels);
  if (!columns) return tl::make_unexpected(columns.error());
  const bool labelled = columns->label != Columns::none;
  CsvReader reader(lines, std::move(*columns), file.parent_path(), file.string());
  Dataset set{file.filename().string(), {}, labelled};
  while ((more = lines.next()) && *more) {
    Result<Item> item = reader.item();
    if (!item) return tl::make_unexpected(item.error());
    set.items.push_back(std::move(*item));
  }
  if (!more) return tl::make_unexpected(more.error());
  return set;
}

}  // namespace pyro::datasets
