#include <algorithm>
#include <fstream>
#include <set>

#include "pyro/datasets/dataset.hpp"
#include "readers.hpp"

namespace pyro::datasets {
namespace {

namespace fs = std::filesystem;

std::string pixels_of(const crop::GreyFace& face) {
  std::string out;
  out.reserve(face.pixels.size() * 4);
  for (const std::uint8_t pixel : face.pixels) (out += out.empty() ? "" : " ") += std::to_string(pixel);
  return out;
}

}  // namespace

Status put_in_place(std::ofstream& out, const fs::path& part, const fs::path& file) {
  std::error_code error;
  out.close();
  if (out) fs::rename(part, file, error);
  if (!out || error) {
    fs::remove(part, error);
    return failed("'" + file.string() + "' cannot be written: check its folder, permissions and space");
  }
  return {};
}

std::string csv_cell(const std::string& text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string::npos && !text.starts_with("\xEF\xBB\xBF");
  if (plain) return text;
  std::string out = "\"";
  for (const char c : text) out.append(c == '"' ? 2 : 1, c);
  return out + "\"";
}

Status write_dataset(const std::vector<Item>& items, const fs::path& file) {
  const bool paths = std::ranges::all_of(items, &Item::is_path);
  const bool splits = std::ranges::any_of(items, [](const Item& item) { return !item.split.empty(); });
  const bool persons = std::ranges::any_of(items, [](const Item& item) { return !item.person.empty(); });
  std::set<std::string> groups;
  for (const Item& item : items) {
    for (const Group& group : item.groups) groups.insert(group.name);
  }
  // Beside it first: a full disk leaves an earlier file whole.
  const fs::path part = file.string() + ".part";
  std::ofstream out(part, std::ios::binary);
  out << (paths ? "path,label" : "pixels,label") << (splits ? ",split" : "") << (persons ? ",person" : "");
  for (const std::string& group : groups) out << ',' << csv_cell(group);
  out << '\n';
  std::error_code error;
  const fs::path folder = fs::absolute(file, error).parent_path();
  for (const Item& item : items) {
    if (paths) {
      const fs::path relative = fs::absolute(item.name, error).lexically_proximate(folder.lexically_normal());
      out << csv_cell(relative.string());
    } else {
      const Result<crop::GreyFace> face = load_face(item);
      if (!face) {
        out.close();
        fs::remove(part, error);
        return tl::make_unexpected(face.error());
      }
      out << pixels_of(*face);
    }
    out << ',' << records::kEmotionNames[static_cast<std::size_t>(item.label)];
    if (splits) out << ',' << csv_cell(item.split);
    if (persons) out << ',' << csv_cell(item.person);
    for (const std::string& name : groups) {
      const auto group = std::ranges::find(item.groups, name, &Group::name);
      out << ',' << (group == item.groups.end() ? "" : csv_cell(group->value));
    }
    out << '\n';
  }
  return put_in_place(out, part, file);
}

}  // namespace pyro::datasets
