#include "pyro/base/csv_records.hpp"

#include <algorithm>
#include <array>

namespace pyro {

Result<bool> CsvRecords::next() {
  for (;;) {
    Result<bool> taken = take_record();
    if (!taken || !*taken) return taken;
    if (line_ == 1 && record_.starts_with("\xEF\xBB\xBF")) record_.erase(0, 3);
    if (record_.empty()) continue;
    if (Status good = split(); !good) return tl::make_unexpected(good.error());
    return true;
  }
}

bool CsvRecords::refill() {
  constexpr std::size_t kChunk = std::size_t{1} << 16;
  buffer_.resize(kChunk);
  input_->read(buffer_.data(), static_cast<std::streamsize>(kChunk));
  buffer_.resize(static_cast<std::size_t>(input_->gcount()));
  at_ = 0;
  return !buffer_.empty();
}

Result<bool> CsvRecords::take_record() {
  record_.clear();
  line_ = next_line_;
  bool quoted = false, any = false;
  for (;;) {
    if (at_ == buffer_.size() && !refill()) break;
    any = true;
    const std::string_view left = std::string_view{buffer_}.substr(at_);
    std::size_t stop = left.find_first_of(quoted ? "\"\n" : "\n\"");
    if (stop == std::string_view::npos) stop = left.size();
    record_ += left.substr(0, stop);
    at_ += stop;
    if (record_.size() > kLongest) {
      return bad_input(name_ + " line " + std::to_string(line_) +
                       " is longer than 1 MiB; is this a CSV file?");
    }
    if (stop == left.size()) continue;
    const char c = buffer_[at_++];
    if (c == '\n') {
      ++next_line_;
      if (!quoted) {
        if (record_.ends_with('\r')) record_.pop_back();
        return true;
      }
    } else {
      quoted = !quoted;  // a doubled quote inside switches twice
    }
    record_ += c;
  }
  if (quoted) {
    return bad_input(name_ + " line " + std::to_string(line_) +
                     " opens a quote that is never closed; was the file cut?");
  }
  return any;
}

Status CsvRecords::split() {
  // Cells are views into record_; a quoted one is written back without its quotes, which never makes it
  // longer.
  cells_.clear();
  std::size_t at = 0;
  for (;;) {
    const std::size_t begin = at;
    if (at < record_.size() && record_[at] == '"') {
      std::size_t to = begin;
      for (++at; at < record_.size(); ++at) {
        if (record_[at] == '"') {
          if (at + 1 >= record_.size() || record_[at + 1] != '"') break;
          ++at;
        }
        record_[to++] = record_[at];
      }
      cells_.emplace_back(record_.data() + begin, to - begin);
      ++at;  // past the closing quote, which take_record has seen
      if (at < record_.size() && record_[at] != separator_) {
        return bad_input(name_ + " line " + std::to_string(line_) +
                         " has text after a closing quote in cell " + std::to_string(cells_.size()) +
                         "; quote the whole cell");
      }
    } else {
      at = record_.find(separator_, begin);
      if (at == std::string::npos) at = record_.size();
      cells_.emplace_back(record_.data() + begin, at - begin);
    }
    if (at >= record_.size()) return {};
    ++at;
  }
}

char separator_of(std::istream& input) {
  constexpr std::string_view kKnown = ",;\t";
  std::array<std::size_t, kKnown.size()> count{};
  bool begun = false, quoted = false;
  char c = 0;
  for (std::size_t left = CsvRecords::kLongest; left > 0 && input.get(c); --left) {
    if (c == '\n' && begun && !quoted) break;
    if (c == '"') quoted = !quoted;
    begun = begun || (c != '\r' && c != '\n');
    const std::size_t known = quoted ? std::string_view::npos : kKnown.find(c);
    if (known != std::string_view::npos) ++count[known];
  }
  input.clear();
  input.seekg(0);
  return kKnown[static_cast<std::size_t>(std::ranges::max_element(count) - count.begin())];
}

}  // namespace pyro
