#include "ptx.h"
#include <cctype>
#include <cstdlib>

namespace driver {
namespace {
struct Scanner {
    const std::string& s;
    size_t at = 0;

    static bool isWord(char c) {
        return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '$' || c == '%';
    }
    bool skip(const char* begin, const char* end) { // a comment or string
        if (s.compare(at, std::string(begin).size(), begin)) {
            return false;
        }
        size_t found = s.find(end, at + std::string(begin).size());
        at = found == std::string::npos ? s.size() : found + std::string(end).size();
        return true;
    }
    // Words, numbers and single signs; empty at the end.
    std::string next() {
        do {
            while (at < s.size() && isspace((unsigned char)s[at])) {
                at++;
            }
        } while (at < s.size() && (skip("//", "\n") || skip("/*", "*/") || skip("\"", "\"")));
        size_t begin = at;
        if (at < s.size() && !isWord(s[at])) {
            at++;
        } else {
            while (at < s.size() && isWord(s[at])) {
                at++;
            }
        }
        return s.substr(begin, at - begin);
    }
    char last() const { return s[at - 1]; }
    int number() { return atoi(next().c_str()); }
};

size_t typeSize(const std::string& t) { // .u64, .b8, ...
    bool number = t.size() >= 3 && isdigit((unsigned char)t[2]) &&
                  std::string("usbf").find(t[1]) != std::string::npos;
    return number && t[0] == '.' ? (size_t)atoi(t.c_str() + 2) / 8 : 0;
}

struct Declaration {
    size_t size = 0, alignment = 0;
    std::string name{};
};
Declaration declaration(Scanner& scan) { // after .param, .shared or .global, up to , ; ) or =
    Declaration d;
    size_t type = 0, count = 1;
    bool pointer = false; // after .ptr stand the space and alignment of what it points to
    for (std::string t = scan.next(); !t.empty() && std::string(",;)=").find(t) == std::string::npos;
            t = scan.next()) {
        if (t == ".align") {
            size_t alignment = scan.number();
            d.alignment = pointer ? d.alignment : alignment;
        } else if (t == ".ptr") {
            pointer = true;
        } else if (t == "[") {
            std::string n = scan.next();
            count *= n == "]" ? 0 : (size_t)atoll(n.c_str());
            if (n != "]") {
                scan.next();
            }
        } else if (size_t size = typeSize(t)) {
            type = size;
        } else if (t[0] != '.') {
            d.name = t;
        }
    }
    d.alignment = d.alignment ? d.alignment : type;
    d.size = type * count;
    return d;
}

void parameters(Scanner& scan, PtxEntry& entry) {
    if (scan.next() != "(") {
        return;
    }
    while (scan.next() == ".param") { // the declaration takes the sign that follows it
        Declaration d = declaration(scan);
        entry.parameters.push_back({d.size, d.alignment});
        if (scan.last() == ')') {
            return;
        }
    }
}
int product(Scanner& scan) { // of numbers between commas
    int n = scan.number();
    size_t keep = scan.at;
    while (scan.next() == ",") {
        n *= scan.number();
        keep = scan.at;
    }
    scan.at = keep;
    return n;
}
} // namespace

Ptx parsePtx(const std::string& text) {
    Ptx ptx;
    Scanner scan{text};
    PtxEntry* inside = nullptr;
    int depth = 0;
    for (std::string t = scan.next(); !t.empty(); t = scan.next()) {
        if (t == ".version") {
            std::string v = scan.next();
            size_t dot = v.find('.');
            ptx.version = atoi(v.c_str()) * 10 + (dot == std::string::npos ? 0 : atoi(v.c_str() + dot + 1));
        } else if (t == ".target") {
            std::string v = scan.next();
            ptx.target = v.rfind("sm_", 0) == 0 ? atoi(v.c_str() + 3) : 0;
        } else if (t == ".entry") {
            ptx.entries.push_back({scan.next()});
            inside = &ptx.entries.back();
            parameters(scan, *inside);
        } else if (t == ".func") {
            inside = nullptr;
        } else if ((t == ".maxntid" || t == ".reqntid") && inside && !depth) {
            inside->maxThreads = product(scan);
        } else if (t == "{") {
            depth++;
        } else if (t == "}") {
            inside = --depth ? inside : nullptr;
        } else if (t == ".shared") {
            (inside && depth ? inside->sharedBytes : ptx.sharedBytes) += declaration(scan).size;
        } else if ((t == ".global" || t == ".const") && !depth) {
            ptx.globals.push_back(declaration(scan).name);
        }
    }
    if (!ptx.version || !ptx.target) {
        ptx.error = "no .version or .target: not PTX text";
    }
    return ptx;
}
} // namespace driver
