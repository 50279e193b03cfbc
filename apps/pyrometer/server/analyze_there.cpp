// analyze --server: the same folders, computed elsewhere.
#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <filesystem>

#include "../inputs.hpp"
#include "meter.hpp"
#include "pyro/capture/picture_files.hpp"
#include "server.hpp"

namespace pyro::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

// So many jobs may wait while the next is sent: the server is never idle, and nobody else waits for all of
// ours.
constexpr std::size_t kMostAhead = 3, kMostPictures = 1000;
constexpr std::array kFiles{"frames.csv", "session.csv", "session.json", "frames.parquet"};

// The files of an input: one video, picture or archive, or all pictures of a folder.
Result<std::vector<fs::path>> files_of(const std::string& source) {
  std::error_code error;
  if (fs::is_directory(source, error)) {
    Result<std::vector<fs::path>> pictures = capture::pictures_in(source);
    if (!pictures) return pictures;
    if (pictures->empty()) return bad_input("the folder '" + source + "' holds no video and no picture");
    if (pictures->size() > kMostPictures)
      return bad_input("the folder '" + source + "' holds " + std::to_string(pictures->size()) +
                       " pictures, a server takes 1000 at once: send them as a zip or tar");
    return pictures;
  }
  if (!fs::exists(source, error))
    return bad_input("'" + source + "' is no file here, and a server analyses files only: check the name");
  if (!fs::is_regular_file(source, error))
    return bad_input("'" + source + "' is no plain file: record it first (pyrometer live --record)");
  return std::vector<fs::path>{source};
}

// "Clip_A.frames.csv" is frames.csv of Clip_A. Error: a name that none of our servers gives.
Result<fs::path> place_of(const std::string& name) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  for (const std::string_view file : kFiles) {
    if (name == file) return fs::path{file};
    if (!name.ends_with("." + std::string{file})) continue;
    const std::string folder = name.substr(0, name.size() - file.size() - 1);
    if (!folder.empty() && folder.front() != '.' && folder.find_first_not_of(kAllowed) == std::string::npos)
      return fs::path{folder} / file;
  }
  return failed("the server names a result '" + client::printable(name, 120) +
                "', as none of ours does; nothing of it was written");
}

class Sender {
 public:
  Sender(client::Server& server, const AnalyzeThere& what, std::string person)
      : server_(server), what_(what), person_(std::move(person)), meter_(what.json) {}

  int run(const std::vector<Input>& inputs) {
    for (const Input& input : inputs) {
      if (interrupted().stop_requested()) break;
      if (waiting_.size() > kMostAhead) finish();
      note(begin(input));
    }
    while (!waiting_.empty()) finish();
    return interrupted().stop_requested() ? kExitInterrupted : exit_;
  }

 private:
  struct Waiting {
    std::string job, input;
    fs::path out;
  };

  void note(const Status& done) {
    if (done) return;
    meter_.clear();
    exit_ = std::max(exit_, report(done.error(), what_.json));
  }

  Status begin(const Input& input) {
    const std::string name = client::printable(input.source);
    const Result<std::vector<fs::path>> files = files_of(input.source);
    if (!files) return tl::make_unexpected(files.error());
    std::vector<std::string> uploads;
    const auto give_up = [&](const Error& error) -> Status {
      for (const std::string& id : uploads) server_.let_go("DELETE", "uploads/" + id);
      return tl::make_unexpected(Error{error.code, name + ": " + error.message, error.context});
    };
    for (std::size_t i = 0; i < files->size(); ++i) {
      const auto moved = [&](std::uint64_t bytes, std::uint64_t of) {
        const double part = of > 0 ? static_cast<double>(bytes) / static_cast<double>(of) : 0;
        meter_.progress(name, "sending",
                        (static_cast<double>(i) + part) / static_cast<double>(files->size()));
      };
      const Result<Json> upload = server_.upload((*files)[i], person_, moved);
      if (!upload) return give_up(upload.error());
      const std::string id = text_of(*upload, "id");
      if (id.empty()) return give_up(no_contract("an upload"));
      uploads.push_back(id);
    }
    Json wish{{"kind", "analyze"}, {"uploads", uploads}};
    if (!person_.empty()) wish["person"] = person_;
    if (!what_.options.empty()) wish["options"] = what_.options;
    const Result<Json> job = server_.make("jobs", wish);
    if (!job) return give_up(job.error());
    const std::string id = text_of(*job, "id");
    if (id.empty()) return give_up(no_contract("a job"));
    meter_.event({{"event", "started"}, {"input", name}, {"out", input.out.string()}, {"job", id}},
                 name + ": sent, job " + id);
    waiting_.push_back({id, name, input.out});
    return {};
  }

  [[nodiscard]] Error no_contract(const std::string& what) const {
    return {ErrorCode::failed,
            server_.origin() + " answered " + what + " that is not as in our contract; check --server", ""};
  }

  void finish() {
    const Waiting one = waiting_.front();
    waiting_.pop_front();
    note(finish(one));
  }

  Status finish(const Waiting& one) {
    const auto named = [&](const Error& error) {
      return tl::make_unexpected(Error{error.code, one.input + ": " + error.message, error.context});
    };
    const Result<Json> row = server_.wait(one.job, [&](const Json& now) {
      const auto share = now.find("progress");
      meter_.progress(one.input, now.at("state") == "queued" ? "waiting" : "analysing",
                      share != now.end() && share->is_number() ? share->get<double>() : 0);
    });
    if (!row) {
      Error error = row.error();
      if (!interrupted().stop_requested())
        error.message +=
            "; the job may go on there: pyrometer jobs get " + one.job + " --out " + one.out.string();
      return named(error);
    }
    if (row->at("state") != "done") {
      const std::string said = client::printable(text_of(*row, "error"));
      const bool cancelled = row->at("state") == "cancelled";
      return named({cancelled ? ErrorCode::failed : ErrorCode::bad_input,
                    cancelled ? "the job was cancelled on the server; nothing of it is kept"
                              : "it could not be analysed",
                    said});
    }
    if (const Status fetched = fetch_results(server_, *row, one.out); !fetched) return named(fetched.error());
    return tell(one, *row);
  }

  // What came of it; an input that is damaged in its middle is told as it is here.
  Status tell(const Waiting& one, const Json& row) {
    const Json inputs = row["result"].contains("inputs") ? row["result"]["inputs"] : Json::array();
    std::int64_t frames = 0, faces = 0, valid = 0;
    std::string fault;
    for (const Json& input : inputs) {
      frames += number_of(input, "frames");
      faces += number_of(input, "faces");
      valid += number_of(input, "valid_faces");
      if (fault.empty()) fault = text_of(input, "fault");
    }
    meter_.event({{"event", "finished"},
                  {"input", one.input},
                  {"out", one.out.string()},
                  {"job", one.job},
                  {"frames", frames},
                  {"faces", faces},
                  {"valid_faces", valid}},
                 "");
    if (!what_.json)
      std::fprintf(stderr, "%s: %lld frames, %lld faces (%lld usable) -> %s\n", one.input.c_str(),
                   static_cast<long long>(frames), static_cast<long long>(faces),
                   static_cast<long long>(valid), one.out.c_str());
    if (!fault.empty()) return bad_input(one.input + ": " + client::printable(fault));
    return {};
  }

  client::Server& server_;
  const AnalyzeThere& what_;
  std::string person_;
  Meter meter_;
  std::deque<Waiting> waiting_;
  int exit_ = 0;
};

}  // namespace

Status fetch_results(client::Server& server, const Json& job, const fs::path& out) {
  const auto wrong = [&] {
    return failed(server.origin() + " answered results that are not as in our contract; check --server");
  };
  const auto result = job.find("result");
  if (result == job.end() || !result->is_object() || !result->contains("files") ||
      !(*result)["files"].is_array())
    return wrong();
  // All names first: of an answer that is none nothing is written.
  std::vector<std::tuple<std::string, fs::path, std::uint64_t>> files;
  for (const Json& file : (*result)["files"]) {
    if (!file.is_object() || !file.contains("name") || !file["name"].is_string() || !file.contains("bytes") ||
        !file["bytes"].is_number_unsigned())
      return wrong();
    const auto name = file["name"].get<std::string>();
    const Result<fs::path> place = place_of(name);
    if (!place) return tl::make_unexpected(place.error());
    files.emplace_back(name, out / *place, file["bytes"].get<std::uint64_t>());
  }
  const std::string id = text_of(job, "id");
  for (const auto& [name, place, bytes] : files) {
    std::error_code error;
    fs::create_directories(place.parent_path(), error);
    if (error)
      return failed("the folder " + place.parent_path().string() + " cannot be made; choose another by --out",
                    error.message());
    std::string from = "jobs/";
    from.append(id).append("/results/").append(name);
    if (const Status got = server.fetch(from, {}, place, bytes, {}); !got) return got;
  }
  // A Parquet file of an earlier run would pass for this one's.
  std::error_code ignored;
  const bool parquet =
      std::ranges::any_of(files, [](const auto& file) { return std::get<0>(file) == "frames.parquet"; });
  if (!parquet) fs::remove(out / "frames.parquet", ignored);
  return {};
}

int analyze_there(const AnalyzeThere& what, const std::vector<Input>& inputs) {
  Result<client::Server> server = open_server(what.server);
  if (!server) return report(server.error(), what.json);
  std::string person;
  if (!what.person.empty()) {
    Result<std::string> id = person_id(*server, what.person);
    if (!id) return report_there(id.error(), what.json);
    person = std::move(*id);
  }
  return Sender{*server, what, person}.run(inputs);
}

}  // namespace pyro::cli
